namespace Microsoft.ML.AbsCam.Measures.Perturbation;

/// <summary>The image with ever more of its most salient pixels replaced; the untouched image, which is scored anyway, is left out.</summary>
internal sealed record DeletionProbe(PerturbationProtocol Protocol) : PerturbationProbe
{
    public override int Count(int pixels) => Steps(Protocol, pixels);

    public override ProbeImages Of(RowImage row)
    {
        float[] substrate = new float[row.Values.Length];
        Protocol.Deletion.Fill(row.Values, row.Height, row.Width, substrate);
        return new StepwiseImages(row, row.Values.ToArray(), substrate, Protocol.PixelsPerStep(row.Pixels), firstStep: 1);
    }

    public static int Steps(PerturbationProtocol protocol, int pixels)
    {
        int step = protocol.PixelsPerStep(pixels);
        return (pixels + step - 1) / step;
    }
}
