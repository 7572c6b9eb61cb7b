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
  argocd: 'github.com/argoproj/argo-cd/v3',
  kustomize: 'sigs.k8s.io/kustomize/kustomize/v5',
  helm: 'helm.sh/helm/v3',
} as const;

export type ModuleName = keyof typeof MODULES;

/** One of their programs. */
export interface Binary {
  readonly module: ModuleName;
  /** Import path of its main package. */
  readonly package: string;
  /** Go variables that the project's own release build sets to the version, `v1.2.3`. */
  readonly versionVariables: readonly string[];
  /** Said before a build that takes long. */
  readonly notice?: string;
}

const KUBERNETES = ['k8s.io/component-base/version.gitVersion', 'k8s.io/client-go/pkg/version.gitVersion'];
// Without it Crossplane refuses every package that names a Crossplane version.
const CROSSPLANE = ['github.com/crossplane/crossplane-runtime/v2/pkg/version.version'];

/** What can be built, by the name its file has. */
export const BINARIES = {
  etcd: { module: 'etcd', package: MODULES.etcd, versionVariables: [] },
  'kube-apiserver': {
    module: 'kubernetes',
    package: 'k8s.io/kubernetes/cmd/kube-apiserver',
    versionVariables: KUBERNETES,
  },
  'kube-controller-manager': {
    module: 'kubernetes',
    package: 'k8s.io/kubernetes/cmd/kube-controller-manager',
    versionVariables: KUBERNETES,
  },
  kubectl: { module: 'kubernetes', package: 'k8s.io/kubernetes/cmd/kubectl', versionVariables: KUBERNETES },
  crossplane: {
    module: 'crossplane',
    package: 'github.com/crossplane/crossplane/v2/cmd/crossplane',
    versionVariables: CROSSPLANE,
  },
  'crossplane-cli': {
    module: 'crossplane-cli',
    package: 'github.com/crossplane/cli/v2/cmd/crossplane',
    versionVariables: CROSSPLANE,
  },
  'provider-aws': {
    module: 'provider-aws',
    package: 'github.com/upbound/provider-aws/v2/cmd/provider/monolith',
    versionVariables: ['github.com/upbound/provider-aws/v2/internal/version.Version'],
    notice: 'provider-aws is built once: about an hour on two cores, up to 40 GB of disk while it runs',
  },
  crane: {
    module: 'registry',
    package: 'github.com/google/go-containerregistry/cmd/crane',
    versionVariables: ['github.com/google/go-containerregistry/cmd/crane/cmd.Version'],
  },
  // All of Argo CD's programs in one: it takes its role from `ARGOCD_BINARY_NAME`.
  argocd: {
    module: 'argocd',
    package: 'github.com/argoproj/argo-cd/v3/cmd',
    versionVariables: ['github.com/argoproj/argo-cd/v3/common.gitTag'],
  },
  kustomize: {
    module: 'kustomize',
    package: MODULES.kustomize,
    versionVariables: ['sigs.k8s.io/kustomize/api/provenance.version'],
  },
  helm: {
    module: 'helm',
    package: 'helm.sh/helm/v3/cmd/helm',
    versionVariables: ['helm.sh/helm/v3/internal/version.version'],
  },
} as const satisfies Record<string, Binary>;

export type BinaryName = keyof typeof BINARIES;

/** All names, in the order in which they are built when none is named: the longest last. */
export const BINARY_NAMES: readonly BinaryName[] = [
  'crane',
  'kustomize',
  'helm',
  'etcd',
  'kube-apiserver',
  'kube-controller-manager',
  'kubectl',
  'crossplane',
  'crossplane-cli',
  'argocd',
  'provider-aws',
];

/** The same table, each entry in its general form. */
export function binaryOf(name: BinaryName): Binary {
  return BINARIES[name];
}

/** @throws when there is no such program, naming those there are. */
export function binaryName(name: string): BinaryName {
  const found = BINARY_NAMES.find((known) => known === name);
  if (!found) throw new Error(`there is no binary "${name}": name one of ${BINARY_NAMES.join(', ')}`);
  return found;
}
