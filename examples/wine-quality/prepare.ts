import { runPrepare } from '../shared/run-prepare.js';
import { wineQuality } from './example.js';

await runPrepare(wineQuality);
