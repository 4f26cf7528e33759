// What a map does in the browser; `here` is the map. maps.py fills in the capital words.
window.notspot = (map => {
  const fills = FILLS, dark = PALE, beside = BESIDE, shapes = new Map(); let outline = null, chosen = null;
  const style = kind => kind < 0 ? {fillColor: "#FFFFFF", fillOpacity: OPACITY, color: "#A99F8B", weight: .7}
    : {fillColor: fills[kind], fillOpacity: OPACITY, color: kind < dark || kind >= beside ? "#A99F8B" : "#FFFFFF", weight: .7};
  const select = code => {
    if (outline) outline.remove();
    outline = null; chosen = code;
    const shape = shapes.get(code);
    if (!shape) return;
    const line = (color, weight) => L.geoJson(shape.feature, {interactive: false, style: {color, weight, fill: false}});
    outline = L.layerGroup([line("PICK", 7), line("INK", 3)]).addTo(map);
    if (!map.getBounds().contains(shape.getBounds())) map.panTo(shape.getBounds().getCenter());
  };
  const text = (tag, words, name) => {
    const made = document.createElement(tag);
    made.textContent = words; made.className = name || "";
    return made;
  };
  return {
    select, clear: () => shapes.clear(), style: feature => style(feature.properties.k),
    each: (feature, layer) => {
      const code = feature.properties.c; let at = 0;
      shapes.set(code, layer);
      layer.toGeoJSON = () => ({type: "Feature", properties: {code, at}, geometry: null});
      layer.on({click: () => { at = Date.now(); select(code); },
        mouseover: () => layer.setStyle({color: "INK", weight: 2.4}),
        mouseout: () => layer.setStyle(style(feature.properties.k))});
    },
    tip: layer => {
      const made = document.createElement("div");
      made.append(text("b", layer.feature.properties.n), text("div", layer.feature.properties.s));
      return made;
    },
    dots: (group, [south, west], fine, sizes) => sizes.forEach(([radius, steps]) => {
      const look = {interactive: false, radius, fillColor: "HATCH", fillOpacity: .85, color: "#FFFFFF", opacity: .7,
        weight: radius / 500, stroke: radius > 200};
      for (let i = 0; i < steps.length; i += 2)
        L.circle([(south + steps[i]) / fine, (west + steps[i + 1]) / fine], look).addTo(group);
    }),
    label: (group, {name, at, big}) => L.marker(at, {interactive: false, keyboard: false, icon: L.divIcon({
      html: text("div", name, big ? "ns-lab b" : "ns-lab"), iconSize: [0, 0], className: ""})}).addTo(group),
  };
})(here);
