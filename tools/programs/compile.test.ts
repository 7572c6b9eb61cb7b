import { describe, expect, it } from 'vitest';
import { isPackageLine } from './compile.ts';
import { goEnvironment, isNewEnough } from './go.ts';
import { GO_VERSION } from './modules.ts';

describe('what go build -v says', () => {
  it.each([
    ['github.com/aws/aws-sdk-go-v2/service/s3', true],
    ['internal/goarch', true],
    ['fmt', true],
    ['gopkg.in/yaml.v3', true],
    ['go: downloading golang.org/x/mod v0.33.0', false],
    ['# github.com/upbound/provider-aws/v2/cmd', false],
    ['cmd/main.go:3:4: undefined: x', false],
    ['', false],
  ])('%s: a package is %s', (line, expected) => {
    expect(isPackageLine(line)).toBe(expected);
  });
});

describe('Go', () => {
  it.each([
    ['go version go1.26.8 linux/amd64', true],
    ['go version go1.21.0 linux/arm64', true],
    ['go version go1.20.14 linux/amd64', false],
    ['go version go2.0 linux/amd64', true],
    ['gccgo (Debian 12.2.0)', false],
  ])('%s: new enough is %s', (output, expected) => {
    expect(isNewEnough(output)).toBe(expected);
  });

  it('runs for this machine with the pinned toolchain, and keeps the proxy of the user', () => {
    const env = { GOOS: 'windows', GOARCH: 'arm', GOTOOLCHAIN: 'local', GOFLAGS: '-x', GOPROXY: 'https://p' };
    expect(goEnvironment(env)).toEqual({
      GOTOOLCHAIN: `go${GO_VERSION}`,
      GOFLAGS: '-mod=readonly',
      GOWORK: 'off',
      GOPROXY: 'https://p',
    });
  });
});
