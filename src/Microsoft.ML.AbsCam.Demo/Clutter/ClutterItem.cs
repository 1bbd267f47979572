using Microsoft.ML.AbsCam.Demo.Drawing;

namespace Microsoft.ML.AbsCam.Demo.Clutter;

/// <summary>A small thing that lies about and is no object of any class; drawn around the origin, where the shorter side of the picture is 1.</summary>
internal abstract class ClutterItem
{
    public abstract void Draw(Brush brush, Dice dice);
}
