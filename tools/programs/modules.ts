/** The control plane's programs: which Go module each is built from. Every folder here with a go.mod pins one module. */

/** The compiler for all of them, so that a build is the same everywhere; an installed Go fetches it when it is another. */
export const GO_VERSION = '1.26.8';

/** The Go modules that are pinned here, by the folder that pins them. */
export const MODULES = {
  etcd: 'go.etcd.io/etcd/server/v3',
  kubernetes: 'k8s.io/kubernetes',
  crossplane: 'github.com/crossplane/crossplane/v2',
  'crossplane-cli': 'github.com/crossplane/cli/v2',
  'provider-aws': 'github.com/upbound/provider-aws/v2',
  registry: 'github.com/google/go-containerregistry',
  cosign: 'github.com/sigstore/cosign/v3',
  argocd: 'github.com/argoproj/argo-cd/v3',
  kustomize: 'sigs.k8s.io/kustomize/kustomize/v5',
  helm: 'helm.sh/helm/v3',
  'helm-4': 'helm.sh/helm/v4',
  kind: 'sigs.k8s.io/kind',
} as const;

export type ModuleName = keyof typeof MODULES;

/** How a program on the PATH tells its version. */
export interface VersionQuestion {
  /** The program's file name. */
  readonly command: string;
  readonly args: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  /** What it prints right before the version, where it tells of others too. */
  readonly after?: string;
}

/** One of their programs. */
export interface Binary {
  readonly module: ModuleName;
  /** Import path of its main package. */
  readonly package: string;
  /** Go variables that the project's own release build sets to the version, `v1.2.3`. */
  readonly versionVariables?: readonly string[];
  /** Said before a build that takes long. */
  readonly notice?: string;
  /** How it is known on the PATH, where it need not be built. A patch release that is not the pinned one fits by `anyPatch`. */
  readonly onPath?: VersionQuestion & { readonly anyPatch?: true };
}

const KUBERNETES = ['k8s.io/component-base/version.gitVersion', 'k8s.io/client-go/pkg/version.gitVersion'];
// Without it Crossplane refuses every package that names a Crossplane version.
const CROSSPLANE = ['github.com/crossplane/crossplane-runtime/v2/pkg/version.version'];
// One that `go install` built knows no more than its minor.
const HELM = { command: 'helm', args: ['version', '--template', '{{.Version}}'], anyPatch: true } as const;

/** What can be built, by the name its file has, in the order in which they are built when none is named: the longest last. */
export const BINARIES = {
  crane: {
    module: 'registry',
    package: 'github.com/google/go-containerregistry/cmd/crane',
    versionVariables: ['github.com/google/go-containerregistry/cmd/crane/cmd.Version'],
    onPath: { command: 'crane', args: ['version'] },
  },
  // The version that Crossplane verifies signatures with.
  cosign: {
    module: 'cosign',
    package: 'github.com/sigstore/cosign/v3/cmd/cosign',
    versionVariables: ['sigs.k8s.io/release-utils/version.gitVersion'],
    onPath: { command: 'cosign', args: ['version'], after: 'GitVersion:    ' },
  },
  // A node image is promised to work with the release that it came with.
  kind: { module: 'kind', package: MODULES.kind, onPath: { command: 'kind', args: ['version'] } },
  kustomize: {
    module: 'kustomize',
    package: MODULES.kustomize,
    versionVariables: ['sigs.k8s.io/kustomize/api/provenance.version'],
    onPath: { command: 'kustomize', args: ['version'] },
  },
  // The version that Argo CD renders charts with.
  helm: {
    module: 'helm',
    package: 'helm.sh/helm/v3/cmd/helm',
    versionVariables: ['helm.sh/helm/v3/internal/version.version'],
    onPath: HELM,
  },
  'helm-4': {
    module: 'helm-4',
    package: 'helm.sh/helm/v4/cmd/helm',
    versionVariables: ['helm.sh/helm/v4/internal/version.version'],
    onPath: HELM,
  },
  // The API server uses no more of it than the API that all patch releases of a minor share.
  etcd: {
    module: 'etcd',
    package: MODULES.etcd,
    onPath: { command: 'etcd', args: ['--version'], anyPatch: true },
  },
  'kube-apiserver': {
    module: 'kubernetes',
    package: 'k8s.io/kubernetes/cmd/kube-apiserver',
    versionVariables: KUBERNETES,
    onPath: { command: 'kube-apiserver', args: ['--version'] },
  },
  'kube-controller-manager': {
    module: 'kubernetes',
    package: 'k8s.io/kubernetes/cmd/kube-controller-manager',
    versionVariables: KUBERNETES,
    onPath: { command: 'kube-controller-manager', args: ['--version'] },
  },
  // It works with API servers of the minors before and after its own: https://kubernetes.io/releases/version-skew-policy.
  kubectl: {
    module: 'kubernetes',
    package: 'k8s.io/kubernetes/cmd/kubectl',
    versionVariables: KUBERNETES,
    onPath: { command: 'kubectl', args: ['version', '--client', '--output=json'], anyPatch: true },
  },
  // The server. On a PATH its file name is that of the command line, which is the one that people install.
  crossplane: {
    module: 'crossplane',
    package: 'github.com/crossplane/crossplane/v2/cmd/crossplane',
    versionVariables: CROSSPLANE,
  },
  'crossplane-cli': {
    module: 'crossplane-cli',
    package: 'github.com/crossplane/cli/v2/cmd/crossplane',
    versionVariables: CROSSPLANE,
    onPath: { command: 'crossplane', args: ['version', '--client'] },
  },
  // All of Argo CD's programs in one: it takes its role from `ARGOCD_BINARY_NAME`. One that answers as the API server
  // has all roles.
  argocd: {
    module: 'argocd',
    package: 'github.com/argoproj/argo-cd/v3/cmd',
    versionVariables: ['github.com/argoproj/argo-cd/v3/common.gitTag'],
    onPath: {
      command: 'argocd',
      args: ['version', '--short'],
      env: { ARGOCD_BINARY_NAME: 'argocd-server' },
      after: 'argocd-server: ',
    },
  },
  'provider-aws': {
    module: 'provider-aws',
    package: 'github.com/upbound/provider-aws/v2/cmd/provider/monolith',
    versionVariables: ['github.com/upbound/provider-aws/v2/internal/version.Version'],
    notice: 'provider-aws is built once: about an hour on two cores, up to 40 GB of disk while it runs',
  },
} as const satisfies Record<string, Binary>;

export type BinaryName = keyof typeof BINARIES;

const isBinaryName = (name: string): name is BinaryName => Object.hasOwn(BINARIES, name);

export const BINARY_NAMES: readonly BinaryName[] = Object.keys(BINARIES).filter(isBinaryName);

/** The same table, each entry in its general form. */
export function binaryOf(name: BinaryName): Binary {
  return BINARIES[name];
}

/** @throws when there is no such program, naming those there are. */
export function binaryName(name: string): BinaryName {
  if (isBinaryName(name)) return name;
  throw new Error(`there is no binary "${name}": name one of ${BINARY_NAMES.join(', ')}`);
}
