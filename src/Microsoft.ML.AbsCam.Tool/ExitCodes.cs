namespace Microsoft.ML.AbsCam.Tool;

/// <summary>What the command tells the shell.</summary>
internal static class ExitCodes
{
    public const int AllExplained = 0;
    public const int SomeFailed = 1;
    public const int WrongUsage = 2;
    public const int Interrupted = 130;
}
