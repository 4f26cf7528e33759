// Unpacks what arcs.py packed: shapes as rings of corners, and the outer border of any set of them.
const unpack = (L, {step, arcs, shapes}) => {
  const lines = arcs.map(text => {
    const corners = [];
    let at = 0, east = 0, north = 0;
    const next = () => {
      let shift = 0, sum = 0, five;
      do {
        five = text.charCodeAt(at++) - 63;
        sum += (five & 31) * 2 ** shift;
        shift += 5;
      } while (five >= 32);
      return sum % 2 ? -(sum + 1) / 2 : sum / 2;
    };
    while (at < text.length) {
      east += next();
      north += next();
      corners.push(new L.LatLng(north * step, east * step));
    }
    return corners;
  });
  const arc = number => number < 0 ? [...lines[~number]].reverse() : lines[number];
  const ring = numbers => numbers.flatMap((number, at) => at ? arc(number).slice(1) : arc(number));
  return {
    rings: shapes.map(rings => rings.map(ring)),  // each ring by itself: holes come out by the even-odd rule
    // The arcs between two kinds of shape, or between one kind and nothing; `kind` gives null for shapes left out.
    borders: kind => {
      const beside = new Map();
      shapes.forEach((rings, shape) => {
        const found = kind(shape);
        if (found === null) return;
        rings.flat().forEach(number => {
          const one = number < 0 ? ~number : number;
          if (!beside.has(one)) beside.set(one, []);
          beside.get(one).push(found);
        });
      });
      return [...beside].filter(([, kinds]) => kinds.length === 1 || kinds.some(other => other !== kinds[0]))
        .map(([number]) => lines[number]);
    },
  };
};
