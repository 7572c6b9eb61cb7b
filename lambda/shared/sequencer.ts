/** How many digits S3 sends, as far as anyone saw: `00`, 8 of the second, 8 of its fraction. Zeros at the end may lack. */
const DIGITS = 18;

/** What brings these to 32 characters. */
const IN_FRONT = '0'.repeat(14);

/**
 * A sequencer in the form that rows keep, whose order as text is the order of the events on one key. To compare two, S3
 * pads the shorter one with zeros on the right, so one that is shorter than 18 digits gets them there. One that is
 * longer loses the zeros beyond these, which come to the same.
 * https://docs.aws.amazon.com/AmazonS3/latest/userguide/notification-content-structure.html
 *
 * The zeros in front are for rows that are there already: their sequencers were padded on the left, to 32 digits. One
 * of 18 digits had the very form that it has now, so older, newer and repeated events are told apart as ever, also when
 * they come late or are redriven. One that was shorter has more zeros in front and counts as older than every event
 * that comes now, which a newer event must find. Only an older event that comes late would replace it too.
 *
 * @param sequencer hex digits in any case
 */
export function comparable(sequencer: string): string {
  return IN_FRONT + sequencer.toUpperCase().replace(/0+$/, '').padEnd(DIGITS, '0');
}
