import type { SampleRow } from '../model/prepare.js';

/** What a server is started with. */
export interface Surroundings {
  /** Folder of the model project. */
  modelFolder: string;
  /** Path of a program in the contestant's virtual environment, such as `python`. Throws why the environment is not there. */
  program(name: string): string;
  databaseUrl: string;
  /** Where traces may be sent. */
  collectorUrl: string;
  port: number;
  /** An empty folder of this server's own. */
  scratch: string;
}

/** How to start a server. */
export interface Launch {
  command: string;
  args: string[];
  environment?: Record<string, string>;
  folder?: string;
}

/** A server that takes part. */
export interface Contestant {
  name: string;
  title: string;
  /** Virtual environment it runs in, if it is a Python one. */
  environment?: EnvironmentName;
  launch(surroundings: Surroundings): Launch | Promise<Launch>;
  readyPath: string;
  path: string;
  /** Body of a request; peers that take one row a request take the first. */
  body(rows: readonly SampleRow[]): string;
  /** The label in an answer; undefined for servers that answer no prediction, whose answer must equal the request. */
  label?(answer: unknown): unknown;
  /** Table that gets a row for each request answered. */
  table?: string;
  /** Rows that were answered and are not in that table yet, of servers that store later. */
  waitingRows?(url: string): Promise<number>;
}

/** Virtual environments: peers whose requirements conflict do not share one. */
export type EnvironmentName = 'python' | 'mlserver' | 'bentoml' | 'evidently' | 'nannyml';

/** The folders whose requirements.txt make up each environment. */
export const ENVIRONMENTS: Readonly<Record<EnvironmentName, readonly string[]>> = {
  python: ['bench/model', 'bench/peers/fastapi', 'bench/peers/fastapi-insert', 'bench/peers/flask'],
  mlserver: ['bench/peers/mlserver'],
  bentoml: ['bench/peers/bentoml'],
  evidently: ['bench/monitor/peers'],
  nannyml: ['bench/estimates'],
};
