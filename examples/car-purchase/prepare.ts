import { runPrepare } from '../shared/run-prepare.js';
import { carPurchase } from './example.js';

await runPrepare(carPurchase);
