// The page's own clock, for browsing.py. Put into every page before it loads.
if (window === top) {
  const frames = () => [...document.querySelectorAll("iframe")].map(frame => {
    try { return frame.contentWindow; } catch { return null; }
  });
  const maps = () => frames().filter(frame => frame?.map?._layers).map(frame => Object.values(frame.map._layers));
  const inside = query => {
    for (const one of document.querySelectorAll("*")) {
      const found = one.shadowRoot?.querySelector(query);
      if (found) return found;
    }
    return document.querySelector(query);
  };
  const ours = () => Object.values(window.notspotPlates ?? {}).find(one => one.map);
  const areas = () => maps().flat().filter(layer => layer.feature);
  const drawn = () => ours() ? Boolean(ours().heard) :
    frames().some(frame => frame?.document?.querySelector("canvas, path")) && areas().length > 12;
  const table = () => inside("tr[data-code], [data-testid=stDataFrame] canvas");
  const paint = () => ours()?.heard?.kinds ?? areas().slice(0, 50).map(({_leaflet_id: id, feature, options}) =>
    `${id} ${feature.properties.k ?? options.fillColor}`).join();
  const words = () => inside("tbody")?.textContent.slice(0, 4000) ?? "";
  const until = (met, done) => (met() ? requestAnimationFrame(() => setTimeout(done)) : setTimeout(() => until(met, done), 10));

  const card = () => document.querySelector(".ns-place h1");
  const said = () => card()?.textContent ?? document.querySelector(".stMain h3")?.textContent ?? "";

  const seen = {};
  document.addEventListener("DOMContentLoaded", () => {
    until(() => document.querySelector("h1") && table(), () => { seen.table = performance.now(); });
    until(() => document.querySelector("h1") && drawn(), () => { seen.map = performance.now(); });
  });

  window.clock = {
    // Milliseconds until headline and table, and headline and map, stood there.
    seen,
    // Milliseconds from the next press of anything until map (and table) are others than before.
    change: both => new Promise(done => {
      const before = [paint(), words()];
      const other = () => drawn() && paint() !== before[0] && (!both || words() !== before[1]);
      document.addEventListener("click", () => {
        const start = performance.now();
        until(other, () => done(performance.now() - start));
      }, {capture: true, once: true});
    }),
    // Milliseconds from the next press of anything until the headline is another than before.
    headline: () => new Promise(done => {
      const words = () => document.querySelector("h1.ns-head")?.textContent, before = words();
      document.addEventListener("click", () => {
        const start = performance.now();
        until(() => words() !== before, () => done(performance.now() - start));
      }, {capture: true, once: true});
    }),
    // Milliseconds of the browser's for the next painting of our map, from the message that asks for it to its frame.
    repaint: () => new Promise(done => {
      const map = ours(), hear = map.hear;
      map.hear = told => {
        const start = performance.now();
        hear(told);
        map.hear = hear;
        done(performance.now() - start);
      };
    }),
    // Milliseconds from pressing a row, or the map, until the card of a place stands on the page.
    row: nth => new Promise(done => {
      const row = table().parentElement.querySelectorAll("button")[nth], start = performance.now();
      row.click();
      until(() => card()?.textContent === row.textContent, () => done(performance.now() - start));
    }),
    card: () => new Promise(done => {
      const before = said(), start = performance.now();
      until(() => said() !== before, () => done(performance.now() - start));
    }),
    // Milliseconds from now until the map is drawn, and headline and table stand there.
    back: () => new Promise(done => {
      const start = performance.now();
      until(() => document.querySelector("h1.ns-head, .ns-place h1") && table() && drawn() && ours()?.root?.dataset.ready,
        () => done(performance.now() - start));
    }),
    // Where the window shows the middle of the largest area in the map's upper half.
    largest: () => {
      const {map, layers, root} = ours(), frame = map.getContainer().getBoundingClientRect(), found = [];
      for (const layer of layers) {
        const box = layer.getBounds(), at = map.latLngToContainerPoint(box.getCenter());
        const [low, high] = [box.getNorthWest(), box.getSouthEast()].map(one => map.latLngToContainerPoint(one));
        const x = frame.left + at.x, y = frame.top + at.y;
        const free = root.getRootNode().elementFromPoint(x, y)?.parentElement === map.getPane("areas");
        if (free && layer._containsPoint(map.containerPointToLayerPoint(at)))
          found.push({x, y, size: Math.min(high.x - low.x, high.y - low.y)});
      }
      return found.sort((one, other) => other.size - one.size)[0];
    },
  };
}
