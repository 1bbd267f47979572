using Microsoft.ML.AbsCam.Tool.Demos;
using Microsoft.ML.AbsCam.Tool.Inputs;

namespace Microsoft.ML.AbsCam.Tool.Commands.Requests;

/// <summary>What the command line says to 'demo'.</summary>
internal sealed class DemoRequest : ExplainRequest
{
    public const int UsualPictures = 40;
    public const string UsualOutput = "abscam-demo";

    /// <summary>What is shown.</summary>
    public DemoSet Set { get; set; } = DemoSet.Classify;

    /// <summary>How many pictures are drawn.</summary>
    public int Pictures { get; set; } = UsualPictures;

    protected override Decoding UsualDecoding => Inputs.Decoding.Whole;
}
