// Keeps one Leaflet map alive: Folium wrote what it is made of, and everything after that is repainting.
// plate.py puts Folium's script, the colours and the files beside this one before it.
const OUTSIDE = PAINTS.length, QUIET = 45, WRITTEN = 400, FOLLOWS = 10_000;
const PANES = ["ground", "shade", "tiles", "areas", "lines", "people", "chosen", "words"];
const CLOSEST = 12.25, AROUND_PART = .45, SETTLING = 1500;  // of a part's own width, shown round it: what lies beside
const FEW = 40;  // areas of a part that is a town, not a council
const STEPS = {ArrowUp: [0, -1], ArrowDown: [0, 1], ArrowLeft: [-1, 0], ArrowRight: [1, 0]};
const AT = /^-?\d+(\.\d+)?,-?\d+(\.\d+)?,\d+(\.\d+)?$/;

// Every map on the page by its key: what it was last told, and how to tell it more. `plate_say.js` writes here too.
const plates = window.notspotPlates ??= {};
const files = window.notspotFiles ??= {};
const got = one => {
  if (!one) return Promise.resolve(null);
  if (one.content !== undefined) return Promise.resolve(one.content);
  return files[one.at] ??= fetch(one.at).then(answer => {
    if (!answer.ok) throw new Error(`${answer.status}`);
    return answer.json();
  }).catch(fault => {
    delete files[one.at];
    throw fault;
  });
};
const leaflet = src => window.L ? Promise.resolve(window.L) : window.notspotLeaflet ??= new Promise((done, fail) => {
  const made = document.createElement("script");
  made.src = src;
  made.onload = () => done(window.L);
  made.onerror = () => { window.notspotLeaflet = undefined; fail(new Error("Leaflet")); };
  document.head.append(made);
});
const element = (tag, words, name) => {
  const made = document.createElement(tag);
  if (words !== undefined) made.textContent = words;
  if (name) made.className = name;
  return made;
};

// The ground of a class with its pattern, as a tile: for the map's canvas and for the legend alike.
const tile = ({ground, pattern, ink, apart}) => {
  const made = document.createElement("canvas"), pen = made.getContext("2d");
  made.width = made.height = apart || 4;
  pen.fillStyle = ground;
  pen.fillRect(0, 0, made.width, made.height);
  pen.fillStyle = pen.strokeStyle = ink || ground;
  if (pattern === "dots") pen.fillRect(apart / 2 - .75, apart / 2 - .75, 1.5, 1.5);
  else if (pattern) for (const start of [-apart, 0, apart]) {  // from corner to corner, and on in the tiles beside
    pen.beginPath();
    pen.moveTo(start, pattern === "rising" ? apart : 0);
    pen.lineTo(start + apart, pattern === "rising" ? 0 : apart);
    pen.stroke();
  }
  return made;
};
const filled = (paint, image) => paint.pattern ? document.createElement("canvas").getContext("2d")
  .createPattern(image, "repeat") : paint.ground;

async function start(root, data, tell) {
  const [L, shapes, base] = await Promise.all([leaflet(data.leaflet), got(data.shapes), got(data.base)]);
  if (!root.isConnected) return () => {};
  const part = name => root.querySelector(name), host = part(".map"), tip = part(".tip"), key = part(".key");
  const life = new AbortController(), {signal} = life, timers = new Map();
  const later = (name, wait, act) => {
    clearTimeout(timers.get(name));
    timers.set(name, setTimeout(act, wait));
  };
  const on = (target, events, act, options = {}) =>
    events.split(" ").forEach(event => target.addEventListener(event, act, {...options, signal}));
  const still = matchMedia("(prefers-reduced-motion: reduce)").matches, born = performance.now();
  const {codes, names, councils, council_of: councilOf} = shapes, packed = unpack(L, shapes.areas);
  const number = new Map(codes.map((code, n) => [code, n]));
  const tiles = PAINTS.map(tile), fills = [...PAINTS.map((paint, n) => filled(paint, tiles[n])), LAND];
  const edges = [...PAINTS.map(paint => paint.border), "#D5D0C4"];
  let map, words, said = {}, says = null, over = null, cursor = -1, moved = false, ours = 0, reached = false, circles = [];

  // Leaflet focuses its container after a press on its buttons: the page must not move, nor a ring frame the map.
  const focus = host.focus.bind(host);
  host.focus = () => focus({preventScroll: true, focusVisible: false});

  const renderers = {};
  const renderer = pane => renderers[pane] ??= L.canvas({pane, padding: .35});
  const plain = (rings, style, pane) => L.polygon(rings, {...style, pane, renderer: renderer(pane), interactive: false});
  const line = (lines, style, pane) => L.polyline(lines, {...style, pane, renderer: renderer(pane), interactive: false});
  const layers = packed.rings.map((rings, n) => Object.assign(L.polygon(rings, {pane: "areas", fillOpacity: 1,
    renderer: renderer("areas"), smoothFactor: .6, fillColor: LAND, color: edges[OUTSIDE], interactive: !data.drawing}), {n}));
  const boxes = layers.map(layer => layer.getBounds());
  const inside = (lat, lon) => {
    const spot = L.latLng(lat, lon);
    return boxes.some((box, n) => box.contains(spot) && said.kinds?.[n] !== `${OUTSIDE}` &&
      packed.rings[n].reduce((odd, ring) => odd !== crossed(ring, lat, lon), false));
  };
  const crossed = (ring, lat, lon) => {
    let odd = false;
    for (let i = 0, j = ring.length - 1; i < ring.length; j = i++) {
      const {lat: a, lng: b} = ring[i], {lat: c, lng: d} = ring[j];
      if ((a > lat) !== (c > lat) && lon < (d - b) * (lat - a) / (c - a) + b) odd = !odd;
    }
    return odd;
  };
  // What is chosen is always named: at its dot where the base has one of that name in it, else in its middle.
  const label = () => {
    const n = number.get(said.place), called = n === undefined ? said.called : names[n];
    if (!called) return null;
    const ours = n === undefined ? null : packed.rings[n];
    const holds = (lat, lon) => ours ? ours.reduce((odd, ring) => odd !== crossed(ring, lat, lon), false) : within(lat, lon);
    const spot = (base.places ?? []).find(([name, , lat, lon]) => (name === called || called.startsWith(`${name} and `)) && holds(lat, lon));
    if (spot) return {words: called, name: spot[0], lat: spot[2], lon: spot[3], dot: true};
    const {lat, lng} = ours ? L.PolyUtil.polygonCenter(longest(ours), L.CRS.EPSG3857) : shown().getCenter();
    return {words: called, lat, lon: lng, dot: false};
  };
  const longest = rings => rings.reduce((one, other) => other.length > one.length ? other : one);
  const held = new Map();
  const within = (lat, lon) => {
    const spot = `${lat},${lon}`;
    if (!held.has(spot)) held.set(spot, inside(lat, lon));
    return held.get(spot);
  };
  const group = L.featureGroup(layers);
  // What Folium's layers call: see the classes in plate.py.
  const notspot = {
    land: ({part: name, pane, style}) => L.layerGroup(base[name] ? unpack(L, base[name]).rings.map(rings => plain(rings, style, pane)) : []),
    lines: ({pane, styles}) => L.layerGroup(Object.entries(base.lines ?? {}).flatMap(([name, one]) =>
      styles[name] ? unpack(L, one).rings.map(rings => line(rings, styles[name], pane)) : [])),
    areas: () => group,
    councils: ({pane, style}) => L.layerGroup(councils.length > 1 && codes.length > councils.length
      ? [line(packed.borders(n => councilOf[n]), style, pane)] : []),
    words: ({pane}) => words = new (wordsLayer(L, {base, inside: within, chosen: label,
      marks: () => said.own?.printed ? said.own.circles : []}))({pane}),
    tiles: ({address, ...options}) => notspot.background = L.layerGroup([L.tileLayer(address, options)
      .on("tileload", () => background(true)).on("tileerror", () => { if (!reached) background(false); })]),
  };
  build(Object.create(L, {map: {value: (_, options) => map = L.map(host, options)}}), notspot);
  map.removeLayer(notspot.background);
  if (data.wheel) map.scrollWheelZoom.enable();
  const whole = L.latLngBounds(boxes.flatMap(box => [box.getSouthWest(), box.getNorthEast()]));

  // One outline for all: its corners are swapped, so that no area keeps what a pointer left.
  const outline = (color, weight) => L.polygon([], {pane: "chosen", renderer: renderer("chosen"), color, weight, fill: false,
    interactive: false, smoothFactor: .6}).addTo(map);
  const rim = line([], {color: INK, weight: 2.6, smoothFactor: .6}, "chosen").addTo(map);
  const chosen = [outline(PICK, 7), outline(INK, 3)], hovered = outline(INK, 2.2), dashed = outline(PICK, 3);
  dashed.setStyle({dashArray: "5 4"});
  const corners = L.layerGroup().addTo(map), people = L.layerGroup().addTo(map);

  const thickness = () => map.getZoom() < 9.5 ? .25 : map.getZoom() < 11 ? .5 : .9;
  const style = () => {
    const weight = thickness(), seen = reached ? .65 : 1;
    const kinds = fills.map((fillColor, kind) => ({fillColor, color: edges[kind], weight,
      fillOpacity: reached && kind === OUTSIDE ? 0 : seen}));
    layers.forEach((layer, n) => Object.assign(layer.options, kinds[+(said.kinds?.[n] ?? OUTSIDE)]));
  };
  const redraw = () => {
    style();
    const one = renderer("areas");
    if (!one._ctx) return;
    one._redrawBounds = null;
    one._redraw();
  };

  const sentence = n => says ? says.says[says.of[n]] : "";
  const council = n => codes[n] === councils[councilOf[n]]?.[0] ? "" : councils[councilOf[n]]?.[1] ?? "";
  const described = one => typeof one === "number" ? [names[one], council(one), sentence(one)] : [one.name, "", one.says];
  const show = one => {
    const parts = ["b", "span", "div"].map((tag, at) => [tag, described(one)[at]]).filter(([, text]) => text);
    tip.replaceChildren(...parts.map(([tag, text]) => element(tag, text)));
  };
  const place = ({x, y}) => {
    const wide = tip.offsetWidth, high = tip.offsetHeight;
    tip.style.left = `${Math.max(4, x + 16 + wide > host.clientWidth ? x - wide - 14 : x + 16)}px`;
    tip.style.top = `${Math.max(4, y + 18 + high > host.clientHeight ? y - high - 12 : y + 18)}px`;
  };
  const hover = one => {
    if (over === one) return;
    over = one;
    tip.hidden = one === null || matchMedia("(hover: none)").matches;
    hovered.setLatLngs(typeof one === "number" && codes[one] !== said.place ? layers[one].getLatLngs() : []);
    if (one !== null) show(one);
  };
  const meant = event => event.layer.mark ?? event.layer.n;
  const choose = code => {
    said = {...said, place: code};
    const layer = layers[number.get(code)];
    chosen.forEach(one => one.setLatLngs(layer ? layer.getLatLngs() : []));
  };
  // What a click writes above the map (on a phone: the answer) must not push the map away: it stays where it is in the
  // window until the reader moves, or what follows a click has come for sure.
  let release = () => {};
  const stay = () => {
    release();
    const scroller = root.getRootNode().host?.closest(".stMain");
    if (!scroller) return;
    const top = () => root.getBoundingClientRect().top, before = top(), held = new AbortController();
    const watch = new ResizeObserver(() => { if (root.isConnected) scroller.scrollTop += top() - before; });
    release = () => {
      watch.disconnect();
      held.abort();
      clearTimeout(timers.get("stay"));
      release = () => {};
    };
    for (const move of ["wheel", "touchstart", "pointerdown", "keydown"])
      window.addEventListener(move, () => release(), {capture: true, signal: held.signal});
    later("stay", FOLLOWS, () => release());
    [...scroller.children].forEach(child => watch.observe(child));
  };
  const picked = code => {
    if (!code) return;
    stay();
    hover(null);
    steer(-1);
    choose(code);
    words.draw();
    tell("picked", code);
  };
  group.on({
    mouseover: event => hover(meant(event)),
    mousemove: event => place(event.containerPoint),
    mouseout: () => hover(null),
    click: event => picked(event.layer.mark ? event.layer.mark.code : codes[event.layer.n]),
  });
  // Leaflet's canvas drops the last move of a burst: ask again when the pointer rests, or the tip names a neighbour.
  on(host, "mousemove", event => later("rest", QUIET, () => renderer("areas")._onMouseMove(event)));
  on(host, "mouseleave", () => { clearTimeout(timers.get("rest")); hover(null); });
  map.on("movestart", () => hover(null));

  // Moves: a flight is ours and leaves no trace in the link; a move by the reader is written there.
  const flight = act => {
    ours += 1;
    act();
  };
  const calm = () => still || host.clientWidth < 10 || document.hidden || performance.now() - born < SETTLING;
  const room = () => {
    const low = key.offsetHeight < host.clientHeight / 3 ? key.offsetHeight : 0;
    return {paddingTopLeft: [14, 14], paddingBottomRight: [14, 14 + low]};
  };
  const go = (bounds, most = CLOSEST) => flight(() => {
    const options = {maxZoom: most, ...room()};
    moved = false;
    if (calm()) map.fitBounds(bounds, {...options, animate: false});
    else map.flyToBounds(bounds, {...options, duration: .7});
  });
  const shown = () => {
    const kept = boxes.filter((_, n) => said.kinds && said.kinds[n] !== `${OUTSIDE}`);
    return kept.length && kept.length < boxes.length
      ? L.latLngBounds(kept.flatMap(box => [box.getSouthWest(), box.getNorthEast()])).pad(kept.length < FEW ? AROUND_PART : 0) : whole;
  };
  const near = () => {
    const {lat, lng} = map.getCenter();
    return map.getBounds().contains(whole) ? null : [lat, lng];
  };
  const target = () => {
    const layer = layers[number.get(said.place)];
    if (said.near) return L.latLngBounds(said.near);
    return layer ? layer.getBounds().pad(1.1) : shown();
  };
  const link = change => {
    if (!data.remembers) return;
    const there = new URL(location);
    change(there.searchParams);
    if (there.href !== location.href) history.replaceState(history.state, "", there);
  };
  const open = () => {
    const asked = data.remembers && new URL(location).searchParams.get("at");
    if (asked && AT.test(asked)) {
      const [lat, lon, zoom] = asked.split(",").map(Number);
      flight(() => map.setView([Math.max(-85, Math.min(85, lat)), lon], zoom, {animate: false}));
    } else go(target());
  };
  // What is in view, whatever shape the window takes: full screen shows no less of it, and what was there comes back.
  let sizing = false, seen = null, before = null, fit = null;
  const look = () => { seen = {bounds: map.getBounds(), center: map.getCenter(), zoom: map.getZoom()}; };
  map.on("moveend", () => { if (!sizing) look(); });
  const resized = () => {
    sizing = true;
    flight(() => map.invalidateSize({animate: false, pan: false}));
    sizing = false;
  };
  const refit = full => {
    const held = seen, back = !full && before?.fitted === seen ? before.held : null;
    fit = () => {
      if (signal.aborted) return;
      resized();
      flight(() => back ? map.setView(back.center, back.zoom, {animate: false}) : map.fitBounds(held.bounds, {animate: false}));
      before = full ? {held, fitted: seen} : null;
    };
    later("fit", SETTLING, () => { fit = null; });  // the map's own size follows the event, perhaps in steps
    requestAnimationFrame(() => requestAnimationFrame(() => fit?.()));
  };
  map.on("moveend", () => {
    if (ours) { ours = 0; return; }
    if (!moved) return;
    later("link", WRITTEN, () => {
      const {lat, lng} = map.getCenter();
      link(found => found.set("at", `${lat.toFixed(4)},${lng.toFixed(4)},${map.getZoom()}`));
    });
  });
  const touched = () => { moved = true; fit = null; };
  on(root, "pointerdown wheel", touched, {passive: true, capture: true});
  map.on("zoomend", style);

  // By keyboard: arrows go from place to place, Enter chooses.
  const middle = n => map.latLngToContainerPoint(boxes[n].getCenter());
  const live = part(".live");
  const steer = n => {
    cursor = n;
    dashed.setLatLngs(n < 0 ? [] : layers[n].getLatLngs());
    tip.hidden = n < 0;
    if (n < 0) return;
    const spot = middle(n), {x, y} = map.getSize();
    if (spot.x < 40 || spot.y < 40 || spot.x > x - 40 || spot.y > y - 60) map.panTo(boxes[n].getCenter(), {animate: false});
    show(n);
    tip.hidden = false;
    place(middle(n));
    live.textContent = described(n).filter(text => text).join(". ");
  };
  const open_to = n => said.kinds && said.kinds[n] !== `${OUTSIDE}`;
  const nearest = (from, [right, down]) => {
    let best = -1, least = Infinity;
    boxes.forEach((_, n) => {
      if (n === cursor || !open_to(n)) return;
      const {x, y} = middle(n).subtract(from), along = x * right + y * down, across = Math.abs(x * down + y * right);
      if (right || down ? along <= 0 || across > along : false) return;
      const far = right || down ? along + across : Math.hypot(x, y);
      if (far < least) [best, least] = [n, far];
    });
    return best;
  };
  const step = way => {
    const first = number.get(said.place);
    if (cursor < 0) return steer(first ?? nearest(map.getSize().divideBy(2), [0, 0]));
    const next = nearest(middle(cursor), way);
    if (next < 0) live.textContent = "No place further that way.";
    else steer(next);
  };
  const acts = {"+": () => map.zoomIn(1), "=": () => map.zoomIn(1), "-": () => map.zoomOut(1), Home: () => go(shown()),
    Escape: () => steer(-1), Enter: () => cursor < 0 || picked(codes[cursor]), " ": () => cursor < 0 || picked(codes[cursor])};
  on(host, "keydown", event => {
    const way = STEPS[event.key], act = acts[event.key];
    if (event.target !== host || event.ctrlKey || event.metaKey || event.altKey || !(way || act)) return;
    event.preventDefault();
    moved = true;
    if (way && (event.shiftKey || data.drawing)) map.panBy(way.map(one => one * 100));
    else if (way) step(way);
    else act();
  });
  on(host, "blur", () => steer(-1));

  // What the background map from elsewhere does: nothing until its first tile is there; names stay in any case.
  const note = part(".note");
  const background = arrived => {
    if (!said.tiles) return;
    note.hidden = arrived;
    if (!arrived) note.textContent = TILES_FAIL;
    if (arrived === reached) return;
    reached = arrived;
    ["ground", "shade"].forEach(pane => { map.getPane(pane).style.display = reached ? "none" : ""; });
    Object.assign(part(".credit"), {hidden: !reached, textContent: TILES_CREDIT});
    redraw();
  };

  const boxed = kind => {
    const made = element("i");
    made.style.background = `url(${tiles[kind].toDataURL()})`;
    return made;
  };
  const legend = said => {
    key.hidden = !said;
    if (said) explain(said);
  };
  const explain = ({title, rows, note: small}) => {
    const list = element("ul", undefined, rows.some(([, , mark]) => mark) ? "worded" : "");
    rows.forEach(([kind, label, mark]) => {
      const item = element("li");
      if (kind === PAINTS.length - 1) item.className = "last";
      item.append(boxed(kind));
      if (mark) item.append(element("span", "", `ns-sym ns-sym-${mark}`));
      item.append(element("span", label));
      list.append(item);
    });
    key.replaceChildren(element("b", title), list, ...small ? [element("small", small)] : []);
    [said.people?.legend, said.own?.legend].filter(one => one).forEach(({title: about, colour, sizes}) => {
      const row = element("p", undefined, "sizes");
      sizes.forEach(([pixels, label]) => {
        const item = element("span"), dot = element("i");
        dot.style.cssText = `width:${+pixels}px;height:${+pixels}px`;
        dot.style.background = colour;
        item.append(dot, label);
        row.append(item);
      });
      key.append(row, element("small", about));
    });
  };

  const dots = async () => {
    people.clearLayers();
    const asked = said.people;
    if (!asked) return;
    const {corner: [south, west], fine, sizes} = await got(asked.dots);
    if (signal.aborted || said.people?.key !== asked.key || people.getLayers().length) return;
    sizes.forEach(([radius, steps]) => {
      const look = {pane: "people", renderer: renderer("people"), interactive: false, radius, fillColor: DOT, fillOpacity: .85,
        color: "#FFFFFF", opacity: .7, weight: radius / 500, stroke: radius > 200};
      for (let i = 0; i < steps.length; i += 2)
        people.addLayer(L.circle([(south + steps[i]) / fine, (west + steps[i + 1]) / fine], look));
    });
  };
  const marks = () => {
    circles.forEach(one => group.removeLayer(one));
    circles = (said.own?.circles ?? []).flatMap(([lat, lon, radius, name, about, code, fillOpacity]) => {
      const look = {pane: "areas", renderer: renderer("areas"), weight: 2}, colour = said.own.legend.colour;
      const ring = L.circleMarker([lat, lon], {...look, radius: radius + 1.5, color: "#FFFFFF", fill: false, interactive: false});
      const mark = L.circleMarker([lat, lon], {...look, radius, color: colour, fillColor: colour, fillOpacity});
      return [ring, Object.assign(mark, {mark: {name, says: about, code}})];
    });
    circles.forEach(one => group.addLayer(one));
  };
  const drawn = () => {
    corners.clearLayers();
    const {corners: spots = [], closed} = said.drawn ?? {}, look = {pane: "chosen", renderer: renderer("chosen"), color: INK,
      weight: 3, interactive: false};
    if (closed) corners.addLayer(L.polygon(spots, {...look, fillColor: PICK, fillOpacity: .35}));
    else if (spots.length > 1) corners.addLayer(L.polyline(spots, look));
    spots.forEach(spot => corners.addLayer(L.circleMarker(spot, {...look, radius: 6, weight: 2, fillColor: PICK, fillOpacity: 1})));
  };
  if (data.drawing) {
    host.classList.add("drawing");
    map.on("click", ({latlng: {lat, lng}}) => tell("corner", [lat, lng]));
  }

  const differs = (before, next, name) => JSON.stringify(before[name]) !== JSON.stringify(next[name]);
  const hear = next => {
    const before = said, first = before.kinds === undefined;
    said = {...next};
    const changed = name => first || differs(before, next, name);
    if (changed("says")) {
      says = null;
      got(next.says).then(file => {
        if (said.says?.at !== next.says?.at) return;
        says = file;
        if (over !== null && !tip.hidden) show(over);
      }, () => {});
    }
    if (changed("own")) marks();
    if (changed("kinds")) {
      const parted = [...new Set(next.kinds)].length > 1 && next.kinds.includes(`${OUTSIDE}`) && !data.drawing;
      rim.setLatLngs(parted ? packed.borders(n => next.kinds[n] === `${OUTSIDE}` ? null : 0) : []);
      held.clear();
    }
    if (changed("kinds") || changed("own")) redraw();
    if (changed("legend") || changed("people") || changed("own")) legend(next.legend);
    if (changed("people")) dots();
    if (changed("drawn")) drawn();
    if (changed("tiles")) {
      reached = false;
      note.hidden = part(".credit").hidden = true;
      ["ground", "shade"].forEach(pane => { map.getPane(pane).style.display = ""; });
      if (next.tiles) notspot.background.addTo(map);
      else map.removeLayer(notspot.background);
      redraw();
    }
    if (changed("place")) choose(next.place);
    const moves = before.place !== next.place && next.place || changed("near") || changed("part");
    if (first) open();
    else if (moves) {
      link(found => found.delete("at"));
      go(target());
    }
    words.draw();
  };

  const tools = {
    home: () => go(shown()),
    full: () => {
      if (root.getRootNode().fullscreenElement) { document.exitFullscreen(); return; }
      look();
      root.requestFullscreen();
    },
    keep: () => {
      const fine = L.Browser.retina, sharp = on => {
        L.Browser.retina = on;
        Object.values(renderers).forEach(one => one._map && one._update());
      };
      sharp(true);
      words.draw(SHEET.scale);
      const n = number.get(said.place), here = n === undefined ? "" : described(n).filter(text => text).join(". ");
      const sheet = composed({map, panes: PANES, legend: said.legend, fills,
        words: {...said.picture, sentence: here || said.picture.sentence,
          credit: [said.picture.credit, reached ? TILES_CREDIT : ""].filter(text => text).join(" ")}});
      sharp(fine);
      words.draw();
      saved(sheet, said.picture.file);
    },
  };
  Object.entries(tools).forEach(([name, act]) => on(part(`.${name}`), "click", act));
  part(".full").hidden = !document.fullscreenEnabled;
  on(document, "fullscreenchange", () => {
    const full = Boolean(root.getRootNode().fullscreenElement);
    part(".full").setAttribute("aria-label", full ? "Leave full screen" : "Full screen");
    part(".full").title = part(".full").getAttribute("aria-label");
    refit(full);
  });

  const paper = {width: "690px", height: "430px"};
  let screen = null;
  on(window, "beforeprint", () => {
    if (screen) return;
    const all = shown(), fits = map.getBounds().pad(.2).contains(all) ? all : map.getBounds();
    screen = [map.getCenter(), map.getZoom()];
    Object.entries(paper).forEach(([side, size]) => root.style.setProperty(side, size, "important"));
    flight(() => map.invalidateSize({animate: false, pan: false}).fitBounds(fits, {...room(), animate: false}));
  });
  on(window, "afterprint", () => {
    if (!screen) return;
    Object.keys(paper).forEach(side => root.style.removeProperty(side));
    flight(() => map.invalidateSize({animate: false, pan: false}).setView(...screen, {animate: false}));
    screen = null;
  });

  const entry = plates[data.key] ??= {};
  Object.assign(entry, {hear, map, root, layers, codes, words, chosen: () => said.place, near});
  open();
  if (entry.heard) hear(entry.heard);
  const watch = new ResizeObserver(() => {
    if (screen) return;
    resized();
    fit?.();
    if (!moved && performance.now() - born < SETTLING) open();
  });
  watch.observe(host);
  root.dataset.ready = "true";
  return () => {
    watch.disconnect();
    release();
    life.abort();
    timers.forEach(clearTimeout);
    clearTimeout(map.scrollWheelZoom?._timer);
    map._animatingZoom = false;  // else the end of a zoom, already on its way, finds no map
    map.stop();
    map.remove();
    if (entry.map === map) Object.assign(entry, {hear: undefined, map: undefined, root: undefined, layers: undefined, words: undefined, chosen: undefined, near: undefined});
  };
}

export default function ({data, parentElement, setTriggerValue}) {
  const root = parentElement.querySelector(".plate");
  root.tell = setTriggerValue;
  // Called again at each change of theme: the map that is there lives on.
  root.stop ??= start(root, data, (name, value) => root.tell(name, value)).catch(fault => {
    root.querySelector(".wait").textContent = `The map could not be drawn (${fault.message}). The table holds the same figures.`;
    return () => {};
  });
  return () => setTimeout(() => {
    if (root.isConnected || !root.stop) return;
    root.stop.then(stop => stop());
    root.stop = undefined;
  });
}
