/** Names that only this cluster knows, served by its CoreDNS. */

/** A name and every name below it lead to one address. */
export interface Zone {
  readonly name: string;
  readonly address: string;
}

const MARK = '# Names of the end-to-end tests. What stands below is written anew each time.';

/** https://coredns.io/plugins/template: no IPv6 address is an empty answer, since NXDOMAIN would deny the name itself. */
const serverBlock = ({ name, address }: Zone): string => `${name}:53 {
    errors
    template IN A {
        answer "{{ .Name }} 60 IN A ${address}"
    }
    template IN ANY {
        rcode NOERROR
    }
}
`;

/** The Corefile with a server block for each zone after what it had before. */
export function withZones(corefile: string, zones: readonly Zone[]): string {
  const before = corefile.split(MARK)[0] ?? '';
  return `${before.trimEnd()}\n${MARK}\n${zones.map(serverBlock).join('')}`;
}
