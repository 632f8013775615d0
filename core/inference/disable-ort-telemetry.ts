// Imported before onnxruntime-node, whose library reads this variable when it is loaded. Otherwise its builds for Linux
// (1.30) write to ~/.cache/Microsoft and send usage data to Microsoft; whoever wants that sets the variable to 0.
// biome-ignore lint/style/noProcessEnv: it is a switch of the library, not a setting of a process of ours
process.env.ORT_DISABLE_TELEMETRY ??= '1';
