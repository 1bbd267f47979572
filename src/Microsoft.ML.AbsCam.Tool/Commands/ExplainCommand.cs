using System.CommandLine;
using System.Text.Json;
using Microsoft.ML.AbsCam.Tool.Commands.Options;
using Microsoft.ML.AbsCam.Tool.Commands.Requests;
using Microsoft.ML.AbsCam.Tool.Inputs;

namespace Microsoft.ML.AbsCam.Tool.Commands;

/// <summary>abscam explain: photos in; maps, overlays, a table and a report out.</summary>
internal static class ExplainCommand
{
    public static System.CommandLine.Command Create()
    {
        Argument<string[]> images = RunOptions.Images("; .npy files are tensors [channels,height,width] that are taken as they are");
        OptionTable<ExplainRequest> options = ExplainOptions.Table();
        var command = new System.CommandLine.Command("explain", "Explain photos: saliency maps, overlays, a table and a report.") { images };
        options.AddTo(command);
        command.SetAction((parsed, cancellation) =>
        {
            ExplainRequest request = options.Read(parsed, new ExplainRequest { Images = parsed.GetValue(images)! });
            using ImageNetwork network = request.Settle();
            return Task.FromResult(RunCommand.Run(request.ToSettings(options.Facts(request), Identity(options, request)), request.IsQuiet, cancellation));
        });
        return command;
    }

    /// <summary>With all that decides maps in one hash, so that no option can be forgotten.</summary>
    public static SortedDictionary<string, string> Identity<TRequest>(OptionTable<TRequest> options, TRequest request)
        where TRequest : ExplanationRequest
    {
        SortedDictionary<string, string> identity = options.Identity(request);
        identity.Add("options", ContentHash.Of(JsonSerializer.SerializeToUtf8Bytes(request.Options with { Labels = null, Preprocessing = null })));
        return identity;
    }
}
