import { writeFile } from 'node:fs/promises';
import type { TObject, TSchema } from '@sinclair/typebox';
import { cliSettingsSchema } from '../cli/settings.js';
import { packagePath } from '../core/package-path.js';
import { monitorSettings } from '../monitor/settings.js';
import { serviceSettingsSchema } from '../service/settings.js';
import { trainerSettings } from '../trainer/settings.js';

const processes: { title: string; schema: TObject }[] = [
  { title: 'plumbline (the command line, plumbline up)', schema: cliSettingsSchema },
  { title: 'service', schema: serviceSettingsSchema },
  { title: 'monitor', schema: monitorSettings },
  { title: 'trainer', schema: trainerSettings },
];

/** The text of `.env.example` and of `docs/settings.md`, from the settings schemas of all processes. */
export function renderSettings(): { env: string; markdown: string } {
  const env = [
    '# Every setting with its default; made by "npm run docs". Copy the lines you change to your environment.',
  ];
  const markdown = [
    '# Settings',
    '',
    'Read from the environment by each process; made by `npm run docs`. Secrets may come from files: `NAME_FILE` names the file',
    'that holds the value of `NAME`.',
  ];
  const seen = new Set<string>();
  for (const { title, schema } of processes) {
    env.push('', `# ${title}`);
    markdown.push('', `## ${title}`, '', '| variable | default | meaning |', '|---|---|---|');
    for (const [name, field] of Object.entries(schema.properties)) {
      markdown.push(`| \`${name}\` | ${shownDefault(schema, name, field)} | ${meaning(field)} |`);
      if (seen.has(name)) continue;
      seen.add(name);
      env.push(`# ${meaning(field)}`, `${field.default === undefined ? '# ' : ''}${name}=${field.default ?? ''}`);
    }
  }
  return { env: `${env.join('\n')}\n`, markdown: `${markdown.join('\n')}\n` };
}

function meaning(field: TSchema): string {
  const values = Array.isArray(field.enum) ? `${field.enum.join(' or ')}: ` : '';
  return `${values}${field.description ?? ''}`;
}

function shownDefault(schema: TObject, name: string, field: TSchema): string {
  if (field.default !== undefined) return `\`${field.default}\``;
  return schema.required?.includes(name) ? 'required' : 'none';
}

if (process.argv[1]?.endsWith('generate-settings.js')) {
  const { env, markdown } = renderSettings();
  await writeFile(packagePath('.env.example'), env);
  await writeFile(packagePath('docs/settings.md'), markdown);
}
