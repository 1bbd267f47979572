namespace Microsoft.ML.AbsCam.Networks;

/// <summary>What a network's output holds for one image, whose numbers passes give one after the other.</summary>
internal abstract record OutputLayout
{
    /// <summary>How many numbers an image has.</summary>
    public abstract int Numbers { get; }

    /// <summary>How many of them are classes', or what else can be asked about by its place.</summary>
    public abstract int Classes { get; }

    /// <summary>The shape without the batch, as the network gives it.</summary>
    public abstract long[] Shape { get; }

    /// <summary>What a network with such an output is for, as far as the output tells.</summary>
    public abstract NetworkTask Task { get; }

    /// <summary>In a few words, for lists and messages.</summary>
    public abstract override string ToString();

    /// <summary>One vector: class scores, numbers of a regression, or an embedding.</summary>
    /// <param name="Count">Its length.</param>
    internal sealed record ScoreVector(int Count) : OutputLayout
    {
        public override int Numbers => Count;

        public override int Classes => Count;

        public override long[] Shape => [Count];

        public override NetworkTask Task => NetworkTask.Classify;

        public override string ToString() => Count == 1 ? "one number an image" : $"{Count} numbers an image";
    }

    /// <summary>A score for each class and pixel, as of a segmentation.</summary>
    /// <param name="Count">How many classes.</param>
    /// <param name="Height">Rows.</param>
    /// <param name="Width">Columns.</param>
    /// <param name="ClassesLast">Whether the classes are the last axis, and not the first.</param>
    internal sealed record ClassMaps(int Count, int Height, int Width, bool ClassesLast) : OutputLayout
    {
        public override int Numbers => Count * Height * Width;

        public override int Classes => Count;

        public override long[] Shape => ClassesLast ? [Height, Width, Count] : [Count, Height, Width];

        public override NetworkTask Task => NetworkTask.Segment;

        public override string ToString() => $"scores of {Count} classes for each of {Height} x {Width} pixels";
    }

    /// <summary>Boxes with a score a class, as of a detector before non-maximum suppression.</summary>
    /// <param name="Anchors">How many boxes.</param>
    /// <param name="Count">How many classes.</param>
    /// <param name="AnchorsFirst">Whether a box's numbers follow each other.</param>
    /// <param name="HasObjectness">Whether the fifth number says how likely there is any object.</param>
    /// <param name="Corners">Whether a box is left, top, right, bottom, and not the centre, width and height.</param>
    /// <param name="OfOne">Whether boxes are shares of the image, and not pixels of the input.</param>
    internal sealed record Detections(int Anchors, int Count, bool AnchorsFirst, bool HasObjectness, bool Corners, bool OfOne) : OutputLayout
    {
        /// <summary>How many numbers a box has: its sides, how likely there is an object, the classes.</summary>
        public int Length => FirstClass + Count;

        /// <summary>The place of the first class among them.</summary>
        public int FirstClass => HasObjectness ? 5 : 4;

        public override int Numbers => Anchors * Length;

        public override int Classes => Count;

        public override long[] Shape => AnchorsFirst ? [Anchors, Length] : [Length, Anchors];

        public override NetworkTask Task => NetworkTask.Detect;

        public override string ToString() =>
            $"{Anchors} boxes ({(Corners ? "left, top, right, bottom" : "centre, width, height")} in {(OfOne ? "shares of the image" : "pixels")}) with {(HasObjectness ? "an objectness and " : "")}{(Count == 1 ? "the score of one class" : $"scores of {Count} classes")}";
    }
}
