// The one box in which a place is found. The gazetteer's rows are NAME, KIND, CONTEXT, WEIGHT, LAT, LON, KEY; a row
// without a key lies outside the study. Every word from a file enters by textContent.
const NAME = 0, KIND = 1, CONTEXT = 2, WEIGHT = 3, LAT = 4, LON = 5, KEY = 6;
const OFFERED = 8;  // suggestions one reads at a glance (assumption)
const POSTCODE = /^[a-z]{1,2}\d[a-z\d]?\s*\d[a-z]{2}$/i;
const HALF = /^[a-z]{1,2}\d[a-z\d]?(\s*\d)?$/i;  // never taken for another half a slip away: BA1 is not BH1
const TEN = 10;  // kilometres in which two places are as near (search.py has it so)

// Where the map stands, unless all of the study is on show: then no place is nearer than another.
const lookedAt = () => Object.values(window.notspotPlates ?? {}).find(one => one.map)?.near() ?? null;
const steps = (row, near) => near
  ? Math.floor(Math.hypot(row[LAT] - near[0], (row[LON] - near[1]) * Math.cos(near[0] * Math.PI / 180)) * 111 / TEN) : 0;

const plain = words => words.normalize("NFD").replace(/[\u0300-\u036f]/g, "").toLowerCase().replace(/&/g, " and ")
  .replace(/\bsaint\b/g, "st").replace(/['’.]/g, "").replace(/[^a-z0-9]+/g, " ").trim();

// How many letters must change to make one word of another, a swap of neighbours counting once; `most` + 1 if more.
function slips(one, other, most) {
  if (Math.abs(one.length - other.length) > most) return most + 1;
  let before = null, last = [...Array(other.length + 1).keys()];
  for (let i = 1; i <= one.length; i++) {
    const row = [i];
    for (let j = 1; j <= other.length; j++) {
      const same = one[i - 1] === other[j - 1];
      row[j] = Math.min(last[j] + 1, row[j - 1] + 1, last[j - 1] + (same ? 0 : 1));
      if (i > 1 && j > 1 && one[i - 1] === other[j - 2] && one[i - 2] === other[j - 1]) row[j] = Math.min(row[j], before[j - 2] + 1);
    }
    if (Math.min(...row) > most) return most + 1;
    [before, last] = [last, row];
  }
  return last[other.length];
}

// As connectivity/places/search.py has it: called so, begins so, a word of it begins so, then spelt nearly so; of equals
// those in the study first, then what is near where it was a slip, then by kind in the order of the file, then the larger.
function rank(known, text, near) {
  const wanted = plain(text), allowed = wanted.length < 3 || HALF.test(text) ? 0 : wanted.length <= 6 ? 1 : 2;
  if (!wanted) return [];
  const met = step => known.filter(one => one.step === step);
  known.forEach(one => {
    one.far = 0;
    one.step = one.plain === wanted || one.short?.includes(wanted) ? 0 : one.plain.startsWith(wanted) ? 1 : ` ${one.plain}`.includes(` ${wanted}`) ? 2 : 9;
  });
  let found = [...met(0), ...met(1), ...met(2)];
  if (!found.length && allowed) {
    known.forEach(one => { const wrong = slips(wanted, one.plain, allowed); if (wrong <= allowed) { one.step = 3 + wrong; one.far = steps(one.row, near); } });
    found = known.filter(one => one.step < 9);
  }
  const order = (a, b) => a.step - b.step || !b.row[KEY] - !a.row[KEY] && (a.row[KEY] ? -1 : 1) || a.far - b.far || a.row[KIND] - b.row[KIND]
    || b.row[WEIGHT] - a.row[WEIGHT] || (a.plain < b.plain ? -1 : 1);
  const sorted = found.sort(order), named = new Set(sorted.filter(one => !one.small).map(one => one.plain));
  return sorted.filter(one => !(one.small && named.has(one.plain))).slice(0, OFFERED);  // a village is its small area
}

// What a council of three words or more is called for short, as search.py has it: BCP, IOW.
function initials(name) {
  const words = name.split(" "), first = chosen => chosen.map(word => word[0]).join("");
  return [first(words), first(words.filter(word => !["and", "of", "the", "upon", "with"].includes(word)))].filter(one => one.length >= 3);
}

const make = (tag, words, name) => {
  const made = document.createElement(tag);
  if (words !== undefined) made.textContent = words;
  if (name) made.className = name;
  return made;
};

export default function ({data, parentElement, setTriggerValue}) {
  const root = parentElement.querySelector(".finder"), box = root.querySelector("input"), list = root.querySelector("ul");
  const clear = root.querySelector("button"), said = root.querySelector("[role=status]");
  root.send = setTriggerValue;
  if (root.shown !== data.shown) { root.shown = data.shown; box.value = data.shown ?? ""; clear.hidden = !box.value; }
  if (!root.file || root.file.at !== data.known.at) {
    root.file = data.known; root.known = null; root.asked = null;
  }
  if (root.ready) return;
  root.ready = true;
  let offered = [], at = -1;

  const read = file => {
    root.kinds = file.kinds;
    const small = file.kinds.indexOf("small area"), council = file.kinds.indexOf("council");
    root.known = file.rows.map(row => ({row, plain: plain(row[NAME]), small: row[KIND] === small, step: 9}));
    root.known.forEach(one => { if (one.row[KIND] === council) one.short = initials(one.plain); });
  };
  const load = () => root.asked ??= (root.file.at ? fetch(root.file.at).then(answer => answer.json()) : Promise.resolve(root.file.content))
    .then(file => { read(file); if (root.getRootNode().activeElement === box && box.value !== root.shown) suggest(); })
    .catch(() => { root.asked = null; });  // the server still answers what is typed
  const close = () => { list.hidden = true; box.setAttribute("aria-expanded", "false"); box.removeAttribute("aria-activedescendant"); at = -1; };
  const point = index => {
    at = index;
    [...list.children].forEach((one, i) => one.setAttribute("aria-selected", String(i === at)));
    if (at < 0) { box.removeAttribute("aria-activedescendant"); return; }
    box.setAttribute("aria-activedescendant", list.children[at].id);
    list.children[at].scrollIntoView({block: "nearest"});
  };
  const send = value => { close(); root.send("found", {...value, near: lookedAt(), at: Date.now()}); };
  const choose = index => {
    const {row, text} = offered[index];
    box.value = text ?? row[NAME]; root.shown = box.value;
    send(text ? {text} : {key: row[KEY], name: row[NAME], kind: root.kinds[row[KIND]], context: row[CONTEXT]});
  };
  const suggest = () => {
    clear.hidden = !box.value;
    const text = box.value.trim();
    offered = root.known ? rank(root.known, text, lookedAt()) : [];
    if (POSTCODE.test(text)) offered = [{text: text.toUpperCase()}];
    list.replaceChildren(...offered.map(({row, text: whole}, index) => {
      const line = make("li");
      line.id = `notspot-found-${index}`; line.setAttribute("role", "option"); line.setAttribute("aria-selected", "false");
      const more = whole ? "postcode" : [root.kinds[row[KIND]], row[CONTEXT], row[KEY] ? "" : "outside this study"].filter(Boolean).join(" · ");
      line.append(make("b", whole ?? row[NAME]), make("span", more));
      line.onpointerdown = event => event.preventDefault();  // the box keeps its focus
      line.onclick = () => choose(index);
      return line;
    }));
    list.hidden = !offered.length;
    box.setAttribute("aria-expanded", String(!list.hidden));
    said.textContent = box.value ? `${offered.length} suggestions` : "";
    point(-1);
  };
  box.oninput = () => { load(); suggest(); };
  box.onfocus = () => { load(); box.select(); };
  box.onblur = () => setTimeout(close, 150);
  box.onkeydown = event => {
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      if (list.hidden) suggest();
      if (offered.length) point((at + (event.key === "ArrowDown" ? 1 : -1) + offered.length + (at < 0 && event.key === "ArrowUp" ? 1 : 0)) % offered.length);
      event.preventDefault();
    } else if (event.key === "Escape") {
      event.preventDefault();  // a browser empties the box of a search by itself, whatever it shows
      if (list.hidden) { box.value = ""; suggest(); } else close();
    } else if (event.key === "Enter" && box.value.trim()) {
      event.preventDefault();
      if (at < 0 && root.known && box.value !== root.shown) suggest();
      if (at >= 0 || (offered.length && offered[0].step < 9)) choose(Math.max(at, 0));
      else { root.shown = box.value; send({text: box.value.trim()}); }
    }
  };
  clear.onclick = () => { box.value = ""; root.shown = ""; suggest(); send({clear: true}); box.focus(); };
}
