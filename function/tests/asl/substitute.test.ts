import { describe, expect, it } from 'vitest';
import { substitute, substituteText } from '../../src/asl/substitute.ts';
import { invalid } from '../../src/errors.ts';

const KNOWN = {
  'Bucket.Name': 'files',
  'Bucket.Arn': 'arn:aws:s3:::files',
  'Table.Name': 'rows',
  'Functions.resize-image.Arn': 'arn:aws:lambda:eu-west-1:111122223333:function:resize-image',
};
const LIST = 'There are: Bucket.Name, Bucket.Arn, Table.Name, Functions.resize-image.Arn.';
const ESCAPE = 'Write $' + '${ for a plain ${.';
// The language under test has the same marks as a template string.
const sub = (name: string) => `\${${name}}`;

describe('substituteText', () => {
  it.each([
    ['the whole string', sub('Table.Name'), 'rows'],
    ['several, with text around', `s3://${sub('Bucket.Name')}/x/${sub('Table.Name')}`, 's3://files/x/rows'],
    ['a name with a dash', sub('Functions.resize-image.Arn'), KNOWN['Functions.resize-image.Arn']],
    [
      'an intrinsic function',
      `States.Format('${sub('Bucket.Name')}/{}', $.key)`,
      "States.Format('files/{}', $.key)",
    ],
    ['JSONata', `{% '${sub('Bucket.Name')}/' & $states.input.key %}`, "{% 'files/' & $states.input.key %}"],
    ['an escape', `$${sub('Table.Name')} and $${sub('')}`, `${sub('Table.Name')} and ${sub('')}`],
    ['an escape before a substitution', `$${sub('a')}${sub('Table.Name')}`, `${sub('a')}rows`],
    ['dollars that begin nothing', '$.a $$.b $5 {} } $$', '$.a $$.b $5 {} } $$'],
  ])('makes %s', (_why, text, made) => {
    expect(substituteText(text, KNOWN, 'p')).toEqual({ value: made, problems: [] });
  });

  it('puts in what looks like a substitution as it is', () => {
    expect(substituteText(sub('A'), { A: `${sub('A')} $& $1` }, 'p').value).toBe(`${sub('A')} $& $1`);
  });

  it.each([
    ['a slip', sub('Table.Nmae'), `is not a substitution. Did you mean Table.Name? ${LIST} ${ESCAPE}`],
    [
      'another case',
      sub('bucket.name'),
      `is not a substitution. Did you mean Bucket.Name? ${LIST} ${ESCAPE}`,
    ],
    ['nothing near', sub('Queue'), `is not a substitution. ${LIST} ${ESCAPE}`],
    ['nothing at all', sub(''), `is not a substitution. ${LIST} ${ESCAPE}`],
    ['a name that every object has', sub('constructor'), `is not a substitution. ${LIST} ${ESCAPE}`],
  ])('refuses %s, and leaves it', (_why, text, fix) => {
    expect(substituteText(text, KNOWN, 'spec.x')).toEqual({
      value: text,
      problems: [invalid('spec.x', text, fix)],
    });
  });

  it('refuses what never ends', () => {
    const text = `a \${Table.Name b`;
    expect(substituteText(text, KNOWN, 'spec.x').problems).toEqual([
      invalid(
        'spec.x',
        text,
        'begins a substitution with ${' +
          ' that never ends. Close it with }, or write $' +
          '${ for a plain ${.',
      ),
    ]);
  });
});

describe('substitute', () => {
  it('goes through names of fields, lists and objects, and leaves the rest', () => {
    const given = { a: [sub('Table.Name'), 1, null, true], [sub('Table.Name')]: { deep: sub('Bucket.Arn') } };
    const before = structuredClone(given);
    expect(substitute(given, KNOWN, 'd')).toEqual({
      value: { a: ['rows', 1, null, true], rows: { deep: 'arn:aws:s3:::files' } },
      problems: [],
    });
    expect(given).toEqual(before);
  });

  it('names each place', () => {
    const { problems } = substitute(
      { States: { 'Say hello': { Items: ['x', sub('No')] }, B: sub('No') } },
      KNOWN,
      'spec.workflow.custom.definition',
    );
    expect(problems.map(({ field }) => field)).toEqual([
      'spec.workflow.custom.definition.States["Say hello"].Items[1]',
      'spec.workflow.custom.definition.States.B',
    ]);
  });
});
