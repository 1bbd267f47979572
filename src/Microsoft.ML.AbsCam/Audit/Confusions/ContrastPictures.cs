using Microsoft.ML.AbsCam.Audit.Evidence;
using Microsoft.ML.AbsCam.Audit.Interventions;
using Microsoft.ML.AbsCam.Pipeline.Evaluation.Images;
using Microsoft.ML.AbsCam.Saliency;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.AbsCam.Audit.Confusions;

/// <summary>Pictures of a confusion under two maps: what speaks for the class that they show, and what speaks for the one they are taken for and not for that.</summary>
/// <param name="host">Where messages go.</param>
/// <param name="source">The pictures.</param>
/// <param name="network">The network.</param>
/// <param name="explain">How maps are made.</param>
internal sealed class ContrastPictures(IHost host, EvidenceSource source, ImageNetwork network, AbsCamOptions explain)
{
    private const int Shown = 3;

    /// <param name="table">The rows.</param>
    /// <param name="rows">Those of the confusion, the surest first.</param>
    /// <param name="truth">What they show.</param>
    /// <param name="predicted">What they are taken for.</param>
    public IReadOnlyList<AuditPicture> Of(EvidenceTable table, IReadOnlyList<EvidenceRow> rows, int truth, int predicted)
    {
        if (!source.HasPhotos)
        {
            return [];
        }

        Dictionary<long, EvidenceRow> shown = rows.Take(Shown).ToDictionary(row => row.Position);
        KnownPicture[] pictures = [.. source.ReadPictures(shown.Keys.ToHashSet())];
        Explanation own = Explained(SaliencyTarget.Class(truth), pictures);
        Explanation contrast = Explained(SaliencyTarget.Contrast(SaliencyTarget.Class(predicted), SaliencyTarget.Class(truth)), pictures);
        var drawer = new PictureDrawer(source.Preprocessing, source.Frame);
        ImagePreprocessing whole = ImagePreprocessing.For(source.Frame.Height, source.Frame.Width) with { Resize = ResizeRule.Squash };
        MLImage under(KnownPicture picture, Explanation maps, int i)
        {
            MLImage plain = drawer.Draw(picture.Input);
            if (maps.Status[i] != MapStatus.Ok)
            {
                return plain;
            }

            using (plain)
            {
                return SaliencyOverlay.Draw(plain, maps.Map(i), maps.MapHeight, maps.MapWidth, whole);
            }
        }

        return [.. pictures.Select((picture, i) => new AuditPicture(
            $"{shown[picture.Position].Caption}: what speaks for '{table.NameOf(truth)}', and what speaks for '{table.NameOf(predicted)}' and not for it", picture.Position, under(picture, own, i), under(picture, contrast, i)))];
    }

    private Explanation Explained(SaliencyTarget target, KnownPicture[] pictures) => new ImageExplainer(
        host, network, MapOptions.Of(explain, target), [source.Frame.Planes, source.Frame.Height, source.Frame.Width]).Explain([.. pictures.Select(picture => (ReadOnlyMemory<float>)picture.Input)], null);
}
