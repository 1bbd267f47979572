namespace Microsoft.ML.AbsCam.Tests.Tool;

/// <summary>What a run of the command came to.</summary>
public sealed record CommandResult(int ExitCode, string Output, string Errors);
