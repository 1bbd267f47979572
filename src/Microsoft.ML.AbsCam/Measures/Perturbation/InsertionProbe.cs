namespace Microsoft.ML.AbsCam.Measures.Perturbation;

/// <summary>The substrate with ever more of the image's most salient pixels put back; the whole image, which is scored anyway, is left out.</summary>
internal sealed record InsertionProbe(PerturbationProtocol Protocol) : PerturbationProbe
{
    public override int Count(int pixels) => DeletionProbe.Steps(Protocol, pixels);

    public override ProbeImages Of(RowImage row)
    {
        float[] state = new float[row.Values.Length];
        Protocol.Insertion.Fill(row.Values, row.Height, row.Width, state);
        return new StepwiseImages(row, state, row.Memory, Protocol.PixelsPerStep(row.Pixels), firstStep: 0);
    }
}
