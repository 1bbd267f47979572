using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.AbsCam.Networks.Modules;

/// <summary>A network around a module as saved pipelines hold it: which architecture, what is tapped, and the weights.</summary>
internal sealed record ModuleFile(string Architecture, string Layer, int Channels, int Height, int Width)
{
    public void Write(BinaryWriter writer, nn.Module module)
    {
        writer.Write(Architecture);
        writer.Write(Layer);
        writer.Write(Channels);
        writer.Write(Height);
        writer.Write(Width);
        using var weights = new MemoryStream();
        using (var inner = new BinaryWriter(weights, System.Text.Encoding.UTF8, leaveOpen: true))
        {
            module.save(inner);
        }

        writer.Write(weights.Length);
        writer.Flush();
        weights.WriteTo(writer.BaseStream);
    }

    /// <exception cref="NetworkLoadException">The weights do not fit the module that this program makes of that architecture.</exception>
    public static ModuleImageNetwork Load(BinaryReader reader)
    {
        var file = new ModuleFile(reader.ReadString(), reader.ReadString(), reader.ReadInt32(), reader.ReadInt32(), reader.ReadInt32());
        byte[] weights = NetworkFormat.ReadBytes(reader, reader.ReadInt64());
        ScoringModule scoring = NetworkArchitectures.Make(file.Architecture);
        try
        {
            Fill(scoring.Module, weights);
            return new ModuleImageNetwork(scoring, file.Layer, file.Height, file.Width, file.Channels, file.Architecture, ownsModule: true);
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            scoring.Module.Dispose();
            throw new NetworkLoadException($"The weights in the model do not fit the module that this program registered as '{file.Architecture}': {e.Message}", e);
        }
    }

    /// <summary>Reads saved weights into a module that this program made, whose type may differ from that of the saved one.</summary>
    private static void Fill(nn.Module module, byte[] weights)
    {
        Exception? complaint = null;
        foreach (ScalarType type in ModuleTypes.Of(module).Concat([ScalarType.Float32, ScalarType.Float64, ScalarType.Float16, ScalarType.BFloat16]).Distinct())
        {
            try
            {
                if (complaint is not null)
                {
                    module.to(type);
                }

                using var reader = new BinaryReader(new MemoryStream(weights));
                module.load(reader);
                return;
            }
            catch (ArgumentException e)
            {
                complaint ??= e;
            }
        }

        throw complaint!;
    }
}
