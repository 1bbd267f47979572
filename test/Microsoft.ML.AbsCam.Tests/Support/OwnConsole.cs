using System.Text;

namespace Microsoft.ML.AbsCam.Tests.Support;

/// <summary>
/// A console that belongs to whoever opened it, and to the tasks and threads that were started from there, so that tests that read what
/// the command says can run beside each other. Everybody else writes where they would have written.
/// </summary>
internal static class OwnConsole
{
    private static readonly Lock Installing = new();
    private static readonly Router Output = new();
    private static readonly Router Errors = new();

    /// <summary>Runs with a console of its own, and gives what was written.</summary>
    public static async Task<(T Result, string Output, string Errors)> RunAsync<T>(Func<Task<T>> run)
    {
        lock (Installing)
        {
            Output.Stand(() => Console.Out, Console.SetOut);
            Errors.Stand(() => Console.Error, Console.SetError);
        }

        // Never closed: what the run left behind may still write.
        var output = new StringWriter();
        var errors = new StringWriter();
        Output.Own = TextWriter.Synchronized(output);
        Errors.Own = TextWriter.Synchronized(errors);
        T result = await run();
        return (result, output.ToString(), errors.ToString());
    }

    private sealed class Router : TextWriter
    {
        private readonly AsyncLocal<TextWriter?> _own = new();
        private TextWriter _others = Null;
        private TextWriter? _standing;

        public TextWriter Own
        {
            get => _own.Value ?? _others;
            set => _own.Value = value;
        }

        public override Encoding Encoding => Encoding.UTF8;

        public override void Write(char value) => Own.Write(value);

        public override void Write(char[] buffer, int index, int count) => Own.Write(buffer, index, count);

        public override void Write(string? value) => Own.Write(value);

        public override void WriteLine(string? value) => Own.WriteLine(value);

        public override void Flush() => Own.Flush();

        /// <summary>Takes the place of a writer; whoever replaced this one meanwhile is replaced in turn.</summary>
        public void Stand(Func<TextWriter> current, Action<TextWriter> replace)
        {
            if (current() != _standing)
            {
                _others = current();
                replace(this);
                _standing = current();
            }
        }
    }
}
