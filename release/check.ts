/** `node release/check.ts` says whether this commit can be released as its tag, and tells the release workflow what it needs to know. */
import { appendFileSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { REGISTRY, releaseVersion } from '../function/package.ts';
import { tryCommand } from '../tools/command.ts';
import { messageOf } from '../tools/errors.ts';
import { ensureBinaries } from '../tools/programs/binaries.ts';
import { isPrerelease, problems, sectionOf } from './checks.ts';
import { publishedImages } from './registry.ts';

const ROOT = join(import.meta.dirname, '..');

const HELP = `Usage: node release/check.ts [--tag TAG | --dry-run] [--notes FILE]

  --tag TAG     the tag that is released; GITHUB_REF_NAME by default
  --dry-run     checks the version in package.json, which needs no tag and may be on any branch
  --notes FILE  writes the version's section of the changelog there

GITHUB_REPOSITORY_OWNER decides where packages go, ghcr.io/<owner>; without it, where the manifests say. With GH_TOKEN, a GitHub
release counts as published too.
`;

/** The GitHub release of a tag, where it is published; a draft is not. */
async function publishedRelease(tag: string): Promise<string[]> {
  if (!process.env['GH_TOKEN']) return [];
  const args = ['release', 'view', tag, '--json', 'isDraft', '--jq', '.isDraft'];
  const { code, stdout, stderr } = await tryCommand('gh', args, { folder: ROOT });
  if (code === 0) return stdout.trim() === 'true' ? [] : [`release ${tag}`];
  if (stderr.includes('release not found')) return [];
  throw new Error(`GitHub does not tell whether there is a release ${tag}: ${stderr.trim()}`);
}

async function isOnMain(): Promise<boolean> {
  const args = ['merge-base', '--is-ancestor', 'HEAD', 'origin/main'];
  const { code, stderr } = await tryCommand('git', args, { folder: ROOT });
  if (code === 0 || code === 1) return code === 0;
  throw new Error(
    `git does not tell whether main has this commit. Fetch all of its history. ${stderr.trim()}`,
  );
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      tag: { type: 'string' },
      'dry-run': { type: 'boolean', default: false },
      notes: { type: 'string' },
      help: { type: 'boolean', short: 'h' },
    },
  });
  if (values.help) return void process.stdout.write(HELP);
  const dry = values['dry-run'];
  const tag = dry ? releaseVersion() : (values.tag ?? process.env['GITHUB_REF_NAME'] ?? '');
  const owner = process.env['GITHUB_REPOSITORY_OWNER'];
  const registry = owner ? `ghcr.io/${owner.toLowerCase()}` : REGISTRY;
  const version = releaseVersion().slice(1);
  const changelog = readFileSync(join(ROOT, 'CHANGELOG.md'), 'utf8');
  const { crane } = await ensureBinaries(['crane'], (line) => console.error(line));
  const found = problems({
    tag,
    version,
    changelog,
    isOnMain: dry || (await isOnMain()),
    registry,
    named: REGISTRY,
    published: [...(await publishedImages(crane, registry, tag)), ...(await publishedRelease(tag))],
  });
  if (found.length > 0) throw new Error(found.join('\n'));
  if (values.notes) writeFileSync(values.notes, `${sectionOf(changelog, version)}\n`);
  const outputs = { version: tag, registry, prerelease: isPrerelease(version) };
  const lines = Object.entries(outputs).map(([name, value]) => `${name}=${value}\n`);
  if (process.env['GITHUB_OUTPUT']) appendFileSync(process.env['GITHUB_OUTPUT'], lines.join(''));
  console.log(`${tag} can be released to ${registry}`);
}

if (import.meta.main)
  await main().catch((error: unknown) => {
    console.error(messageOf(error));
    process.exitCode = 1;
  });
