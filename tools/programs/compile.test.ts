import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { isPackageLine } from './compile.ts';
import { goEnvironment, isNewEnough } from './go.ts';
import { GO_VERSION } from './modules.ts';
import { elapsed, showProgress } from './progress.ts';

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

describe('progress', () => {
  beforeEach(() => {
    vi.useFakeTimers();
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  it.each([
    [999, '0 s'],
    [59_000, '59 s'],
    [125_000, '2 min 05 s'],
    [3_720_000, '1 h 02 min'],
  ])('%i ms is %s', (ms, text) => {
    expect(elapsed(ms)).toBe(text);
  });

  it('is a line every 30 s where there is no terminal', () => {
    const said: string[] = [];
    let packages = 0;
    const stop = showProgress(
      () => `${++packages} packages`,
      (line) => said.push(line),
      { write: () => expect.unreachable() },
    );
    vi.advanceTimersByTime(65_000);
    stop();
    vi.advanceTimersByTime(65_000);
    expect(said).toEqual(['1 packages', '2 packages']);
  });

  it('is one line that rewrites itself on a terminal, and is gone at the end', () => {
    const written: string[] = [];
    const terminal = { isTTY: true, columns: 8, write: (text: string) => written.push(text) };
    const stop = showProgress(
      () => '12 packages',
      () => expect.unreachable(),
      terminal,
    );
    vi.advanceTimersByTime(200);
    stop();
    expect(written).toEqual(['\r\u001b[2K12 pack', '\r\u001b[2K']);
  });
});
