import { runPrepare } from '../shared/run-prepare.js';
import { beloHorizonte } from './example.js';

await runPrepare(beloHorizonte);
