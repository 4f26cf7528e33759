// Tells a map what to show: kept for a map that is not there yet, or comes back.
export default function ({data}) {
  const entry = (window.notspotPlates ??= {})[data.plate] ??= {};
  entry.heard = data;
  entry.hear?.(data);
}
