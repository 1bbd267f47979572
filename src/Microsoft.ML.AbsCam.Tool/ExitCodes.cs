namespace Microsoft.ML.AbsCam.Tool;

/// <summary>What the command tells the shell.</summary>
internal static class ExitCodes
{
    public const int AllExplained = 0;

    /// <summary>Some images have no map, and their reasons are named. Another try would name the same.</summary>
    public const int SomeFailed = 1;

    /// <summary>The command is wrong, and would be wrong again.</summary>
    public const int WrongUsage = 2;

    /// <summary>Results could not be written, for want of room or of a permission. With --resume the run goes on.</summary>
    public const int CannotWrite = 3;

    /// <summary>Something that nobody foresaw, and that may not happen again: EX_SOFTWARE of sysexits.h.</summary>
    public const int Unforeseen = 70;

    /// <summary>By Ctrl-C; 128 and the number of the signal.</summary>
    public const int Interrupted = 130;

    /// <summary>By SIGTERM, which schedulers send before they kill.</summary>
    public const int Terminated = 143;
}
