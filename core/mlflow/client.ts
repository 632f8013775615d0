/** What MLflow's REST API is asked for. */
export interface MlflowClient {
  /** Calls an endpoint below `/api/2.0/mlflow/`. @throws MlflowError */
  get(path: string, query: Record<string, string>): Promise<Record<string, unknown>>;
  post(path: string, body: object): Promise<Record<string, unknown>>;
  /** Stores a file below an artifact address that the server gave (`mlflow-artifacts:/…`). @throws MlflowError */
  putArtifact(address: string, name: string, content: Uint8Array): Promise<void>;
  getArtifact(address: string): Promise<Uint8Array>;
  /** Addresses of all files below an artifact address. @throws MlflowError */
  listArtifacts(address: string): Promise<string[]>;
}

/** Thrown when the server does not answer, or refuses; `code` is its error code, such as `RESOURCE_DOES_NOT_EXIST`. */
export class MlflowError extends Error {
  override readonly name = 'MlflowError';
  constructor(
    message: string,
    readonly code: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}

const TIMEOUT_MS = 30_000;
const ARTIFACTS = 'mlflow-artifacts:/';
const MOST_FOLDERS = 100;

/**
 * A client of an MLflow server that stores artifacts itself (`mlflow server`, with its usual --serve-artifacts).
 * @param url  such as `http://127.0.0.1:5000`
 */
export function createMlflowClient(url: string): MlflowClient {
  const call = async (path: string, init: RequestInit = {}): Promise<Response> => {
    const address = new URL(`/api/2.0/${path}`, url);
    const response = await fetch(address, { ...init, signal: AbortSignal.timeout(TIMEOUT_MS) }).catch(
      (error: Error) => {
        throw new MlflowError(`MLflow at ${address.origin} does not answer: ${error.message}`, 'UNREACHABLE', {
          cause: error,
        });
      },
    );
    if (response.ok) return response;
    const text = await response.text();
    const { error_code: code = String(response.status), message = text.slice(0, 300) } = parseProblem(text);
    throw new MlflowError(`MLflow answers ${path.split('?')[0]} with ${code}: ${message}`, code);
  };
  const artifact = (address: string): string => {
    if (!address.startsWith(ARTIFACTS)) {
      const hint = 'start the MLflow server with --serve-artifacts and without --default-artifact-root';
      throw new MlflowError(
        `MLflow keeps artifacts at ${address}, which cannot be reached through it; ${hint}`,
        'ARTIFACTS',
      );
    }
    return address.slice(ARTIFACTS.length).replace(/^\/+/, '');
  };
  const encode = (path: string): string => path.split('/').map(encodeURIComponent).join('/');
  return {
    get: async (path, query) => {
      const response = await call(`mlflow/${path}?${new URLSearchParams(query)}`);
      return (await response.json()) as Record<string, unknown>;
    },
    post: async (path, body) => {
      const headers = { 'content-type': 'application/json' };
      const response = await call(`mlflow/${path}`, { method: 'POST', headers, body: JSON.stringify(body) });
      return (await response.json()) as Record<string, unknown>;
    },
    putArtifact: async (address, name, content) => {
      await call(`mlflow-artifacts/artifacts/${encode(`${artifact(address)}/${name}`)}`, {
        method: 'PUT',
        body: content,
      });
    },
    getArtifact: async (address) => {
      const response = await call(`mlflow-artifacts/artifacts/${encode(artifact(address))}`);
      return new Uint8Array(await response.arrayBuffer());
    },
    listArtifacts: async (address) => {
      const found: string[] = [];
      const folders = [artifact(address)];
      for (let i = 0; i < folders.length && i < MOST_FOLDERS; i++) {
        const folder = folders[i]!;
        const response = await call(`mlflow-artifacts/artifacts?${new URLSearchParams({ path: folder })}`);
        const { files = [] } = (await response.json()) as { files?: { path: string; is_dir: boolean }[] };
        for (const file of files) {
          // Paths are given below the folder asked for.
          const path = `${folder}/${file.path}`;
          if (file.is_dir) folders.push(path);
          else found.push(ARTIFACTS + path);
        }
      }
      return found;
    },
  };
}

function parseProblem(text: string): { error_code?: string; message?: string } {
  try {
    return JSON.parse(text) as { error_code?: string; message?: string };
  } catch {
    return {};
  }
}
