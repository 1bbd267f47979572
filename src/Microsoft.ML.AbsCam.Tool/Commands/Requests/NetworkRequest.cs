using Microsoft.ML.AbsCam.Tool.Inputs;

namespace Microsoft.ML.AbsCam.Tool.Commands.Requests;

/// <summary>What the command line says of a model: which file, and how it is opened.</summary>
internal class NetworkRequest
{
    private ImageNetwork? _network;

    /// <summary>The file.</summary>
    public string Model { get; set; } = "";

    /// <summary>The file of class names, whose number tells which output scores them; null where none is given.</summary>
    public string? LabelPath { get; set; }

    /// <summary>Rows and columns of the input, where they are given.</summary>
    public (int Height, int Width)? Size { get; set; }

    /// <summary>The output that holds the class scores, where it is named.</summary>
    public string? ScoresOutput { get; set; }

    /// <summary>What the network is for, where it is given.</summary>
    public NetworkTask Task { get; set; }

    /// <summary>How much the model may ask of the machine.</summary>
    public OnnxImportLimits Limits { get; set; } = OnnxImportLimits.Default;

    /// <summary>The network, from <see cref="Open"/> on.</summary>
    public ImageNetwork Network => _network ?? throw new InvalidOperationException("The network is not open yet.");

    /// <summary>The names of the classes, once the request is settled; null where there are none.</summary>
    public IReadOnlyList<string>? ClassNames { get; protected set; }

    /// <returns>The network, which is the caller's to dispose.</returns>
    public ImageNetwork Open()
        => _network = ImageNetwork.FromOnnx(Model, Size?.Height, Size?.Width, Limits, ScoresOutput, LabelPath is null ? null : LabelFile.Count(LabelPath), Task);
}
