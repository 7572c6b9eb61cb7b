const END = [0xff, 0xd9];
const PADDING = 0xff;
/** Markers without a length: TEM, the restarts, the start of an image. All others except the end have a length. */
const isAlone = (code: number): boolean => code === 0x01 || (code >= 0xd0 && code <= 0xd8);

/**
 * The JPEG with an end marker added, or the same bytes when it has one. Files of some cameras and truncated downloads lack
 * it. Bytes after the end marker, such as a phone's short video, are allowed. ITU-T T.81, B.1.
 */
export function withEndMarker(jpeg: Uint8Array): Uint8Array {
  if (hasEndMarker(jpeg)) return jpeg;
  const ended = new Uint8Array(jpeg.length + END.length);
  ended.set(jpeg);
  ended.set(END, jpeg.length);
  return ended;
}

/** Whether a JPEG has an end marker. It skips segments by their length, since the thumbnail in one has its own end marker. */
function hasEndMarker(jpeg: Uint8Array): boolean {
  for (let at = jpeg.indexOf(0xff); at >= 0; at = jpeg.indexOf(0xff, at)) {
    const code = jpeg[at + 1];
    if (code === undefined) return false;
    if (code === END[1]) return true;
    // In the image data, 0xff 0x00 stands for a byte 0xff.
    if (code === 0x00 || isAlone(code)) at += 2;
    else if (code === PADDING) at += 1;
    else at += 2 + (jpeg[at + 2] ?? 0) * 256 + (jpeg[at + 3] ?? 0);
  }
  return false;
}
