import { runPrepare } from '../shared/run-prepare.js';
import { kickstarter } from './example.js';

await runPrepare(kickstarter);
