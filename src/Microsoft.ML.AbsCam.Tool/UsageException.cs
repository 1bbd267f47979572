namespace Microsoft.ML.AbsCam.Tool;

/// <summary>The command was given something that it cannot work with; the message says what, and what would do.</summary>
public sealed class UsageException(string message) : Exception(message);
