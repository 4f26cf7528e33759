// The map as a picture to keep: title, map, legend, sentence and credit on one sheet. Nothing is asked of any server.
const SHEET = {scale: 2, edge: 28, narrowest: 560, paper: "#FCFBF8", soft: "#50575C"};

const wrapped = (pen, words, width) => words.split(/\s+/).reduce((lines, word) => {
  const longer = lines.length ? `${lines.at(-1)} ${word}` : word;
  if (lines.length && pen.measureText(longer).width <= width) lines[lines.length - 1] = longer;
  else lines.push(word);
  return lines;
}, []);

const composed = ({map, panes, legend, fills, words}) => {
  const host = map.getContainer(), {x: width, y: height} = map.getSize();
  const {scale, edge, narrowest, paper, soft} = SHEET, wide = Math.max(width, narrowest);
  const canvas = document.createElement("canvas"), pen = canvas.getContext("2d");
  const blocks = [];
  let down = edge;
  const say = (text, font, pixels, ink, after) => {
    if (!text) return;
    pen.font = font;
    for (const line of wrapped(pen, text, wide)) {
      const y = down;
      blocks.push(() => {
        Object.assign(pen, {font, fillStyle: ink, textBaseline: "top", textAlign: "left"});
        pen.fillText(line, edge, y);
      });
      down += Math.round(pixels * 1.32);
    }
    down += after;
  };
  say(words.notice, `700 15px ${FACE}`, 15, "#A3231F", 6);
  say(words.title, `600 26px ${SERIF}`, 26, INK, 2);
  say(legend.title, `400 14px ${FACE}`, 14, soft, 10);
  const top = down;
  blocks.push(() => {
    const frame = host.getBoundingClientRect();
    pen.save();
    pen.beginPath();
    pen.rect(edge, top, width, height);
    pen.clip();
    pen.fillStyle = SEA;
    pen.fillRect(edge, top, width, height);
    panes.forEach(pane => map.getPane(pane).querySelectorAll("canvas,img").forEach(part => {
      const box = part.getBoundingClientRect();
      if (!box.width || part.complete === false) return;  // a pane that is not shown, a tile that has not come
      pen.drawImage(part, edge + box.left - frame.left, top + box.top - frame.top, box.width, box.height);
    }));
    pen.restore();
    Object.assign(pen, {strokeStyle: "#8A8577", lineWidth: 1});
    pen.strokeRect(edge + .5, top + .5, width - 1, height - 1);
  });
  down += height + 14;
  const column = Math.min(150, wide / Math.max(1, Math.min(legend.rows.length, Math.floor(wide / 100))));
  const across = Math.max(1, Math.floor(wide / column));
  legend.rows.forEach(([kind, label], at) => {
    const x = edge + (at % across) * column, y = down + Math.floor(at / across) * 40;
    blocks.push(() => {
      pen.save();
      pen.translate(x, y);
      pen.fillStyle = fills[kind];
      pen.fillRect(0, 0, column - 8, 12);
      Object.assign(pen, {strokeStyle: "#1a1f2455", lineWidth: 1});
      pen.strokeRect(.5, .5, column - 9, 11);
      Object.assign(pen, {font: `400 12px ${FACE}`, fillStyle: INK, textBaseline: "top"});
      pen.fillText(label, 0, 17, column - 8);
      pen.restore();
    });
  });
  if (legend.rows.length) down += Math.ceil(legend.rows.length / across) * 40 + 4;
  say(words.sentence, `500 17px ${SERIF}`, 17, INK, 10);
  say(words.credit, `400 11px ${FACE}`, 11, soft, 0);
  canvas.width = (wide + 2 * edge) * scale;
  canvas.height = (down + edge) * scale;
  pen.scale(scale, scale);
  pen.fillStyle = paper;
  pen.fillRect(0, 0, wide + 2 * edge, down + edge);
  blocks.forEach(draw => draw());
  return canvas;
};

const saved = (canvas, name) => canvas.toBlob(blob => {
  const link = Object.assign(document.createElement("a"), {href: URL.createObjectURL(blob), download: name});
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}, "image/png");
