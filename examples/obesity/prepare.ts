import { runPrepare } from '../shared/run-prepare.js';
import { obesity } from './example.js';

await runPrepare(obesity);
