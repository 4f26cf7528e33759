// Names on one canvas, the weightiest first, none on another or on a button; more of them as one comes closer.
const FACE = "'Public Sans',system-ui,sans-serif", SERIF = "Newsreader,Georgia,serif";
const RANKS = [  // from which zoom a rank of place is named, and how: weight, pixels, the dot's radius, room around
  {zoom: 0, weight: 700, pixels: 15, dot: 2.6, room: 5},
  {zoom: 7.6, weight: 650, pixels: 13.5, dot: 2.4, room: 5},
  {zoom: 8, weight: 600, pixels: 12.5, dot: 2, room: 4},
  {zoom: 9.4, weight: 500, pixels: 12, dot: 1.8, room: 4},
  {zoom: 11, weight: 500, pixels: 12, dot: 1.6, room: 4},
];
const CLOSE = 11;  // from here on letters are a pixel larger
const LAND_NAMES = {zoom: 8.2, least: 250};  // councils' names: not from further out, nor of fewer square kilometres
const AROUND = 120;  // pixels drawn beyond the map's edge, so that a name is there when it is dragged in

const wordsLayer = (L, {base, inside, marks, chosen}) => L.Layer.extend({
  initialize({pane}) {
    this.options = {pane};
    this.places = [...base.places ?? []].sort((one, other) => one[1] - other[1]);
  },
  onAdd(map) {
    this.canvas = L.DomUtil.create("canvas", "", map.getPane(this.options.pane));
    this.draw();
  },
  onRemove() { this.canvas.remove(); },
  getEvents() {
    return {moveend: this.draw, resize: this.draw, zoomstart: () => { this.canvas.style.opacity = 0; }};
  },
  // Called by Leaflet with what has happened, or by the picture with how many pixels it wants for one.
  draw(sharp) {
    const ratio = typeof sharp === "number" ? sharp : window.devicePixelRatio || 1;
    const map = this._map, size = map.getSize(), zoom = map.getZoom();
    const {canvas} = this, pen = canvas.getContext("2d"), host = map.getContainer();
    for (const [side, length] of [["width", size.x + 2 * AROUND], ["height", size.y + 2 * AROUND]]) {
      canvas[side] = Math.round(length * ratio);
      canvas.style[side] = `${length}px`;
    }
    canvas.style.opacity = 1;
    L.DomUtil.setPosition(canvas, map.containerPointToLayerPoint([-AROUND, -AROUND]));
    pen.scale(ratio, ratio);
    pen.translate(AROUND, AROUND);
    Object.assign(pen, {lineJoin: "round", textBaseline: "middle", textAlign: "center"});
    const frame = host.getBoundingClientRect(), named = [];
    const taken = [...host.parentNode.querySelectorAll(".cover:not([hidden]),.leaflet-control")].map(one => {
      const box = one.getBoundingClientRect();
      return {left: box.left - frame.left - 4, right: box.right - frame.left + 4,
        top: box.top - frame.top - 4, bottom: box.bottom - frame.top + 4};
    });
    const free = box => taken.every(one =>
      box.right < one.left || box.left > one.right || box.bottom < one.top || box.top > one.bottom);
    const seen = box => box.left > 4 && box.right < size.x - 4 && box.top > 4 && box.bottom < size.y - 4;
    const put = (words, {x, y}, {font, pixels, ink, halo, room, dot = 0, reach = 0, spread = "0px", first = false}) => {
      pen.font = font;
      pen.letterSpacing = spread;
      const half = pen.measureText(words).width / 2 + 2, high = pixels * .62, off = reach || dot + 3;
      const beside = off + half, above = high + off;
      const spots = dot || reach ? [[0, -above], [beside, 0], [-beside, 0], [0, above]]  : first ? [[0, 0], [0, -2 * high], [0, 2 * high]] : [[0, 0]];
      const boxes = spots.map(([right, down]) => ({right, down, box: {left: x + right - half - room,
        right: x + right + half + room, top: y + down - high - room / 2, bottom: y + down + high + room / 2}}));
      const clear = boxes.find(({box}) => free(box) && seen(box));
      const where = clear ?? (first ? boxes.find(({box}) => seen(box)) : undefined);
      if (!where) return;
      const {right, down, box} = where;
      taken.push(box);
      Object.assign(pen, {lineWidth: 3.4, strokeStyle: halo, fillStyle: ink});
      pen.strokeText(words, x + right, y + down);
      pen.fillText(words, x + right, y + down);
      if (dot) {
        taken.push({left: x - dot, right: x + dot, top: y - dot, bottom: y + dot});
        Object.assign(pen, {lineWidth: 1.3, strokeStyle: ink, fillStyle: "#fff"});
        pen.beginPath();
        pen.arc(x, y, dot, 0, 2 * Math.PI);
        pen.fill();
        pen.stroke();
      }
      named.push({words, ...box});
    };
    const at = (lat, lon) => map.latLngToContainerPoint([lat, lon]);
    const near = ({x, y}) => x > -AROUND && y > -AROUND && x < size.x + AROUND && y < size.y + AROUND;
    const own = marks();
    own.forEach(([lat, lon, radius]) => {
      const {x, y} = at(lat, lon);
      taken.push({left: x - radius, right: x + radius, top: y - radius, bottom: y + radius});
    });
    const pick = chosen(), picked = pick && at(pick.lat, pick.lon);
    if (pick && near(picked)) put(pick.words, picked, {font: `700 13.5px ${FACE}`, pixels: 13.5, ink: INK, halo: "#fff",
      room: 4, dot: pick.dot ? 2.4 : 0, first: true});
    own.forEach(([lat, lon, radius, words]) => put(words.slice(0, 40), at(lat, lon),
      {font: `600 12.5px ${FACE}`, pixels: 12.5, ink: INK, halo: "#ffffffe6", room: 1, reach: radius + 2}));
    (base.waters ?? []).forEach(([words, lat, lon, from = 0]) => {
      if (zoom >= from) put(words, at(lat, lon), {font: `italic 400 14px ${SERIF}`, pixels: 14, ink: "#4F6C76", halo: SEA,
        room: 6, spread: "1px"});
    });
    const councils = () => zoom > LAND_NAMES.zoom && [...base.councils ?? []].sort((one, other) => other[3] - one[3])
      .filter(([, , , area]) => area >= LAND_NAMES.least * 2 ** (2 * (LAND_NAMES.zoom - zoom)))
      .forEach(([words, lat, lon]) => {
        if (words === pick?.words) return;
        const look = inside(lat, lon) ? {ink: "#3C4146", halo: "#ffffffd0"} : {ink: "#77736A", halo: LAND};
        put(words.toUpperCase(), at(lat, lon), {...look, font: `500 11px ${FACE}`, pixels: 11, room: 8, spread: "1.5px"});
      });
    let said = false;
    for (const [words, rank, lat, lon] of this.places) {
      const {zoom: from, weight, pixels, dot, room} = RANKS[Math.min(rank, RANKS.length - 1)];
      if (!said && rank > 1) { councils(); said = true; }
      if (zoom < from) break;
      const spot = at(lat, lon);
      if (!near(spot) || (pick?.dot && words === pick.name && lat === pick.lat && lon === pick.lon)) continue;
      const ours = inside(lat, lon), letters = pixels + (zoom >= CLOSE ? 1 : 0);
      put(words, spot, {font: `${weight} ${letters}px ${FACE}`, pixels: letters, room, dot,
        ink: ours ? "#14181C" : "#62656A", halo: ours ? "#ffffffe6" : `${LAND}E6`});
    }
    if (!said) councils();
    this.named = named;
  },
});
