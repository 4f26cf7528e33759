// What a map does in the browser; `here` is the map. maps.py fills in the capital words.
window.notspot = (map => {
  const shapes = new Map(); let outline = null, tidy = null;
  const fill = ({ground, pattern, ink, apart}) => {
    if (!pattern) return ground;
    const tile = document.createElement("canvas"), pen = tile.getContext("2d");
    tile.width = tile.height = apart;
    pen.fillStyle = ground; pen.fillRect(0, 0, apart, apart);
    pen.fillStyle = pen.strokeStyle = ink;
    if (pattern === "dots") pen.fillRect(apart / 2 - .75, apart / 2 - .75, 1.5, 1.5);
    else for (const start of [-apart, 0, apart]) {  // from corner to corner, and on in the tiles beside
      pen.beginPath();
      pen.moveTo(start, pattern === "rising" ? apart : 0);
      pen.lineTo(start + apart, pattern === "rising" ? 0 : apart);
      pen.stroke();
    }
    return pen.createPattern(tile, "repeat");
  };
  const paints = PAINTS.map(one => ({fillColor: fill(one), fillOpacity: OPACITY, color: one.border, weight: .7}));
  const style = kind => paints.at(kind);
  const select = code => {
    if (outline) outline.remove();
    outline = null;
    const shape = shapes.get(code);
    if (!shape) return;
    const line = (color, weight) => L.geoJson(shape.feature, {interactive: false, style: {color, weight, fill: false}});
    outline = L.layerGroup([line("PICK", 7), line("INK", 3)]).addTo(map);
    if (!map.getBounds().contains(shape.getBounds())) map.panTo(shape.getBounds().getCenter());
  };
  // A browser scrolls what a script focuses into view. Leaflet focuses its container on the press of a button, so the
  // page would move below the pointer before the button is let go, and the click would name nothing or another place.
  const container = map.getContainer(), focus = container.focus;
  container.focus = options => focus.call(container, {...options, preventScroll: true});
  // What a click writes above the map (on a phone: the answer) must not push the map away: it stays where it is in the
  // window until the reader moves, or what follows a click has come for sure.
  let release = () => {};
  const stay = () => {
    release();
    const frame = window.frameElement, scroller = frame?.closest(".stMain"), outer = frame?.ownerDocument.defaultView;
    if (!scroller) return;
    const top = () => frame.getBoundingClientRect().top, before = top();
    const watch = new outer.ResizeObserver(() => { if (frame.isConnected) scroller.scrollTop += top() - before; });
    const moves = ["wheel", "touchstart", "pointerdown", "keydown"];
    const heard = act => [window, outer].forEach(one => moves.forEach(move => one[act](move, release, true)));
    const timer = outer.setTimeout(() => release(), 10_000);
    release = () => { watch.disconnect(); outer.clearTimeout(timer); heard("removeEventListener"); release = () => {}; };
    heard("addEventListener");
    [...scroller.children].forEach(part => watch.observe(part));
  };
  map.on("click", stay);
  const text = (tag, words, name) => {
    const made = document.createElement(tag);
    made.textContent = words; made.className = name || "";
    return made;
  };
  const pickable = (layer, code) => {
    let at = 0;
    layer.toGeoJSON = () => ({type: "Feature", properties: {code, at}, geometry: null});
    layer.on("click", () => { at = Date.now(); select(code); });
  };
  const tip = (name, says) => {
    const made = document.createElement("div");
    made.append(text("b", name), text("div", says));
    return made;
  };
  // Names of a reader's own marks: right or left of the circle, where nothing lies yet; else the tooltip alone has it.
  const spread = marks => {
    const {width} = map.getContainer().getBoundingClientRect();
    const taken = marks.map(([lat, lon, radius]) => {
      const {x, y} = map.latLngToContainerPoint([lat, lon]);
      return {left: x - radius, right: x + radius, top: y - radius, bottom: y + radius};
    });
    const free = box => taken.every(one =>
      box.right < one.left || box.left > one.right || box.bottom < one.top || box.top > one.bottom);
    const fits = box => {
      if (free(box)) taken.push(box);
      return taken.at(-1) === box;
    };
    map.getContainer().querySelectorAll(".ns-own").forEach((label, at) => {
      const {left, right, top, bottom} = taken[at], {width: wide, height: high} = label.getBoundingClientRect();
      const middle = (top + bottom) / 2, rows = {top: middle - high / 2, bottom: middle + high / 2};
      const sides = [right + 4, left - 4 - wide].map(x => ({left: x, right: x + wide, ...rows}));
      const box = sides.find(one => one.left >= 0 && one.right <= width && fits(one));
      label.style.visibility = box ? "" : "hidden";
      if (box) label.style.transform = `translate(${box.left - (left + right) / 2}px, -50%)`;
    });
    const {x, y} = map.getContainer().getBoundingClientRect();
    map.getContainer().querySelectorAll(".ns-lab").forEach(label => {
      const {left, right, top, bottom} = label.getBoundingClientRect();
      label.style.visibility = free({left: left - x, right: right - x, top: top - y, bottom: bottom - y}) ? "" : "hidden";
    });
  };
  const paper = {width: "690px", height: "430px"}, sheet = map.getContainer().style;  // as print.css has the frame
  let screen = null;
  window.addEventListener("beforeprint", () => {
    if (screen) return;
    const drawn = L.latLngBounds([...shapes.values()].map(shape => shape.getBounds()));
    const shown = drawn.isValid() && map.getBounds().pad(.2).contains(drawn) ? drawn : map.getBounds();
    screen = [map.getCenter(), map.getZoom()];
    Object.entries(paper).forEach(([side, size]) => sheet.setProperty(side, size, "important"));
    map.invalidateSize({animate: false, pan: false}).fitBounds(shown, {animate: false});
  });
  window.addEventListener("afterprint", () => {
    if (!screen) return;
    Object.keys(paper).forEach(side => sheet.removeProperty(side));
    map.invalidateSize({animate: false, pan: false}).setView(...screen, {animate: false});
    screen = null;
  });
  return {
    select, clear: () => { shapes.clear(); if (tidy) map.off("moveend", tidy); tidy = null; }, style: feature => style(feature.properties.k),
    each: (feature, layer) => {
      shapes.set(feature.properties.c, layer);
      pickable(layer, feature.properties.c);
      layer.on({mouseover: () => layer.setStyle({color: "INK", weight: 2.4}),
        mouseout: () => layer.setStyle(style(feature.properties.k))});
    },
    tip: layer => tip(layer.feature.properties.n, layer.feature.properties.s),
    own: (group, colour, marks, named) => {
      marks.forEach(([lat, lon, radius, name, says, code, fillOpacity]) => {
        const ring = {radius: radius + 1.5, color: "#FFFFFF", weight: 2, fill: false, interactive: false};
        const mark = L.circleMarker([lat, lon], {radius, color: colour, weight: 2, fillColor: colour,
          fillOpacity}).bindTooltip(() => tip(name, says), {sticky: true});
        if (code) pickable(mark, code);
        L.circleMarker([lat, lon], ring).addTo(group);
        mark.addTo(group);
        if (!named) return;
        const label = text("div", name, "ns-own");
        L.marker([lat, lon], {interactive: false, keyboard: false, icon: L.divIcon({html: label, iconSize: [0, 0],
          className: ""})}).addTo(group);
      });
      if (!named) return;
      tidy = () => spread(marks);
      map.on("moveend", tidy);
      group.once("add", tidy);
    },
    dots: (group, [south, west], fine, sizes) => sizes.forEach(([radius, steps]) => {
      const look = {interactive: false, radius, fillColor: "DOT", fillOpacity: .85, color: "#FFFFFF", opacity: .7,
        weight: radius / 500, stroke: radius > 200};
      for (let i = 0; i < steps.length; i += 2)
        L.circle([(south + steps[i]) / fine, (west + steps[i + 1]) / fine], look).addTo(group);
    }),
    label: (group, {name, at, big}) => L.marker(at, {interactive: false, keyboard: false, icon: L.divIcon({
      html: text("div", name, big ? "ns-lab b" : "ns-lab"), iconSize: [0, 0], className: ""})}).addTo(group),
  };
})(here);
