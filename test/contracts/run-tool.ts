import { execFileSync } from 'node:child_process';
import { packagePath } from '../../core/package-path.js';

/** Runs a tool in the package's folder. @param input  its standard input @throws Error with its output */
export function runTool(tool: string | undefined, parameters: string[], input = ''): string {
  try {
    return execFileSync(tool!, parameters, { cwd: packagePath('.'), encoding: 'utf8', stdio: 'pipe', input });
  } catch (error) {
    const { stdout, stderr } = error as { stdout?: string; stderr?: string };
    throw new Error(`${tool} ${parameters.join(' ')}\n${stdout}${stderr}`, { cause: error });
  }
}
