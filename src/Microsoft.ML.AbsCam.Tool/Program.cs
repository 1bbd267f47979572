using Microsoft.ML.AbsCam.Tool.Commands;

return await AbscamCommand.RunAsync(args).ConfigureAwait(false);
