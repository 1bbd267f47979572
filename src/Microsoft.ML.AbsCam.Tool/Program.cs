using Microsoft.ML.AbsCam.Tool.Commands;

return await CommandLine.RunAsync(args).ConfigureAwait(false);
