/** The number of digits that S3 was observed to send: `00`, 8 for the second, 8 for its fraction. Trailing zeros can be absent. */
const DIGITS = 18;

/** The zeros that pad 18 digits to 32 characters. */
const IN_FRONT = '0'.repeat(14);

/**
 * A sequencer in the form that rows store: its text order is the order of the events on one key. S3 defines that the
 * shorter of two sequencers is padded with zeros on the right. So a sequencer with fewer than 18 digits is padded there,
 * and a longer one loses its trailing zeros, which does not change its value.
 * https://docs.aws.amazon.com/AmazonS3/latest/userguide/notification-content-structure.html
 *
 * The leading zeros are for rows of earlier versions, which padded sequencers on the left, to 32 digits. A sequencer of
 * 18 digits has the same form as before, so comparisons with such rows stay correct, also for late and redriven events.
 * A shorter sequencer of an old row has more leading zeros, so every new event counts as newer. This is right for a newer
 * event. An older event that arrives late would replace the row too.
 *
 * @param sequencer - hex digits in any case
 */
export function comparable(sequencer: string): string {
  return IN_FRONT + sequencer.toUpperCase().replace(/0+$/, '').padEnd(DIGITS, '0');
}
