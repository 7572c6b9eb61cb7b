import { expect, it } from 'vitest';
import { withZones } from './dns.ts';

it('serves names after what was there, anew and not twice', () => {
  const zones = (address: string) => [{ name: 'aws.fileingest.test', address }];
  const before = withZones('.:53 {\n    errors\n}\n', zones('10.0.0.1'));
  expect(withZones(before, zones('172.18.0.4')).split('\n')).toEqual([
    '.:53 {',
    '    errors',
    '}',
    '# Names of the end-to-end tests. What stands below is written anew each time.',
    'aws.fileingest.test:53 {',
    '    errors',
    '    template IN A {',
    '        answer "{{ .Name }} 60 IN A 172.18.0.4"',
    '    }',
    '    template IN ANY {',
    '        rcode NOERROR',
    '    }',
    '}',
    '',
  ]);
});
