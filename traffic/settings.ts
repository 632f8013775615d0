import { type Static, Type } from '@sinclair/typebox';
import { loadSettings } from '../core/settings.js';

const trafficSettingsSchema = Type.Object({
  PLUMBLINE_API_KEY: Type.Optional(
    Type.String({ minLength: 1, description: 'API key that is sent with every request, where the service wants one' }),
  ),
});

/** Reads the settings of the simulator from the environment; the others are options, a key would be seen there. @throws ProblemsError */
export function loadTrafficSettings(): Readonly<Static<typeof trafficSettingsSchema>> {
  return loadSettings(trafficSettingsSchema, process.env, 'PLUMBLINE_API_KEY');
}
