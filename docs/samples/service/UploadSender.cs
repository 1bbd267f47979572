namespace Microsoft.ML.AbsCam.Samples.Service;

/// <summary>One who is sending a photo.</summary>
internal sealed class UploadSender : IDisposable
{
    private readonly CancellationTokenSource _deadline;

    public UploadSender(TimeProvider clock, TimeSpan deadline)
    {
        Since = clock.GetTimestamp();
        Place = new LinkedListNode<UploadSender>(this);
        _deadline = new CancellationTokenSource(deadline, clock);
    }

    public long Since { get; }

    public LinkedListNode<UploadSender> Place { get; }

    public long Bytes { get; set; }

    public bool GaveWay { get; private set; }

    /// <summary>Cancelled by the deadline, and by <see cref="GiveWay"/>.</summary>
    public CancellationToken Token => _deadline.Token;

    public void GiveWay()
    {
        GaveWay = true;

        // On another thread: what waits for the token runs under nobody's lock.
        _deadline.CancelAfter(TimeSpan.Zero);
    }

    public void Dispose() => _deadline.Dispose();
}
