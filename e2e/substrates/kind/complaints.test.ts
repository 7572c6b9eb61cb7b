import { describe, expect, it } from 'vitest';
import { readImages } from '../../../argocd/images/settings.ts';
import { fixFor, whyNotPulled, whyTooOld } from './complaints.ts';

it.each([
  ['20.10.24+dfsg1', undefined],
  ['29.0.1', undefined],
  ['not a version', undefined],
  ['19.03.15', /^Docker 19\.03\.15 is too old for kind: install 20\.10 or newer/],
])('Docker %s', (version, why) => {
  if (why === undefined) expect(whyTooOld(version)).toBeUndefined();
  else expect(whyTooOld(version)).toMatch(why);
});

it('knows what to do when the disk is full, and nothing of other failures', () => {
  expect(fixFor('write /var/lib/x: no space left on device')).toMatch(/^Free disk space/);
  expect(fixFor('exit code 1')).toBeUndefined();
});

describe('what cannot be pulled', () => {
  const images = readImages({ IMAGE_MIRROR: 'registry.example.com/mirror' });
  const provider = images.find(({ name }) => name === 'provider-aws-s3')?.source ?? '';
  const fetched = (message: string, wanted = provider) => ({
    items: [
      { spec: { package: 'other' }, status: { conditions: [{ type: 'Healthy', status: 'True' }] } },
      {
        spec: { package: wanted },
        status: { conditions: [{ type: 'Installed', status: 'False', message }] },
      },
    ],
  });
  const REFUSED =
    'cannot unpack package: failed to fetch package: GET https://registry.example.com: MANIFEST_UNKNOWN: no such tag';

  it('is a package that the mirror lacks: the setting, the name and the fix', () => {
    const [name] = provider.split(':');
    expect(whyNotPulled(fetched(REFUSED), images)).toBe(
      `IMAGE_MIRROR: ${provider.replace(/^[^/]+/, 'registry.example.com/mirror')} cannot be pulled. Copy ${name}:${provider.split(':')[1]} there, as make images lists it, or name another image in IMAGES. ${REFUSED}`,
    );
  });

  it('is the image of a pod', () => {
    const waiting = {
      reason: 'ImagePullBackOff',
      message: 'Back-off pulling image "registry.example.com/mirror/argoproj/argocd:v3.2.11"',
    };
    const pod = {
      metadata: { name: 'argocd-server-1' },
      status: { containerStatuses: [{ state: { waiting } }] },
    };
    expect(whyNotPulled({ items: [pod] }, images)).toMatch(
      /^IMAGE_MIRROR: registry\.example\.com\/mirror\/argoproj\/argocd:v3\.2\.11 cannot be pulled\. Copy quay\.io\/argoproj\/argocd:v3\.2\.11 there/,
    );
  });

  it.each([
    ['other troubles of a package', fetched('cannot establish control of object: already owned')],
    [
      'a container that is just being made',
      {
        items: [{ status: { containerStatuses: [{ state: { waiting: { reason: 'ContainerCreating' } } }] } }],
      },
    ],
    ['nothing', {}],
  ])('is not %s', (_, listed) => expect(whyNotPulled(listed, images)).toBeUndefined());
});
