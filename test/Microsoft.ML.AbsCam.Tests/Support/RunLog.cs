using Microsoft.ML.Runtime;

namespace Microsoft.ML.AbsCam.Tests.Support;

/// <summary>What the library says through <see cref="MLContext.Log"/>.</summary>
internal sealed class RunLog
{
    private readonly List<(ChannelMessageKind Kind, string Text)> _messages = [];

    public RunLog(MLContext context) => context.Log += (_, e) =>
    {
        lock (_messages)
        {
            _messages.Add((e.Kind, e.Message));
        }
    };

    public string[] Warnings => Of(ChannelMessageKind.Warning);

    public string[] Infos => Of(ChannelMessageKind.Info);

    private string[] Of(ChannelMessageKind kind)
    {
        lock (_messages)
        {
            return [.. _messages.Where(message => message.Kind == kind && message.Text.Contains("AbsCam", StringComparison.Ordinal)).Select(message => message.Text)];
        }
    }
}
