using Microsoft.ML.AbsCam.Tests.Audit;
using Microsoft.ML.AbsCam.Tests.Imaging;
using Microsoft.ML.AbsCam.Tests.Support;
using SkiaSharp;

namespace Microsoft.ML.AbsCam.Tests.Tool.Audits;

/// <summary>Commands on photos of red and green patches, which a network of two classes tells apart.</summary>
public abstract class RedOrGreenCommandTest : CommandTest
{
    /// <summary>Model, labels and options that all commands take.</summary>
    protected string[] Options() => ["--model", Write("model.onnx", RedOrGreen.ToOnnx()), "--labels", Write("labels.txt", "red", "green"), "--mean", "0,0,0", "--std", "1,1,1"];

    protected Task<CommandResult> ExplainPhotosAsync(params string[] options)
        => RunAsync(["explain", At("photos"), .. Options(), "--output", Output, .. options.Contains("--method") ? (string[])[] : ["--method", "hires-cam"], .. options]);

    /// <summary>The run in <see cref="CommandTest.Output"/>, of which nothing is said again but the model and the names of its classes.</summary>
    protected Task<CommandResult> AuditRunAsync(params string[] options) => RunAsync(["audit", Output, "--model", At("model.onnx"), "--labels", At("labels.txt"), .. options]);

    protected void Draw(int count, double share, string folder = "photos")
    {
        foreach (VectorRow row in RedOrGreen.Rows(count, share))
        {
            byte level(int plane, int x, int y) => (byte)(255 * row.Input[(plane * RedOrGreen.Side * RedOrGreen.Side) + (y * RedOrGreen.Side) + x]);
            Write($"{folder}/{(row.Target == 0 ? "red" : "green")}/{row.Number}.png", ImageBytes.Encode(RedOrGreen.Side, RedOrGreen.Side, (x, y) => new SKColor(level(0, x, y), level(1, x, y), level(2, x, y)), SKEncodedImageFormat.Png));
        }
    }
}
