const END = [0xff, 0xd9];
const PADDING = 0xff;
/** Markers that stand alone: TEM, the restarts, the beginning of an image. All others but the end have a length. */
const isAlone = (code: number): boolean => code === 0x01 || (code >= 0xd0 && code <= 0xd8);

/**
 * The JPEG with an end marker where it has none, as some cameras and cut-off downloads leave it; else the same bytes. Other
 * bytes after the end, such as a phone's film, are no matter. ITU-T T.81, B.1.
 */
export function withEndMarker(jpeg: Uint8Array): Uint8Array {
  if (hasEndMarker(jpeg)) return jpeg;
  const ended = new Uint8Array(jpeg.length + END.length);
  ended.set(jpeg);
  ended.set(END, jpeg.length);
  return ended;
}

/** Segments are passed over by their length: the thumbnail of a photograph has an end of its own. */
function hasEndMarker(jpeg: Uint8Array): boolean {
  for (let at = jpeg.indexOf(0xff); at >= 0; at = jpeg.indexOf(0xff, at)) {
    const code = jpeg[at + 1];
    if (code === undefined) return false;
    if (code === END[1]) return true;
    // Within the picture, 0xff 0x00 is a byte 0xff of it.
    if (code === 0x00 || isAlone(code)) at += 2;
    else if (code === PADDING) at += 1;
    else at += 2 + (jpeg[at + 2] ?? 0) * 256 + (jpeg[at + 3] ?? 0);
  }
  return false;
}
