namespace Microsoft.ML.AbsCam.Samples.Service;

/// <summary>One who is sending a photo.</summary>
internal sealed class UploadSender : IDisposable
{
    private readonly CancellationTokenSource _deadline;
    private readonly CancellationTokenSource _end;

    public UploadSender(TimeProvider clock, TimeSpan deadline, CancellationToken cancellation)
    {
        Since = clock.GetTimestamp();
        Place = new LinkedListNode<UploadSender>(this);
        _deadline = new CancellationTokenSource(deadline, clock);
        _end = CancellationTokenSource.CreateLinkedTokenSource(_deadline.Token, cancellation);
    }

    public long Since { get; }

    public LinkedListNode<UploadSender> Place { get; }

    public long Bytes { get; set; }

    public bool GaveWay { get; private set; }

    /// <summary>Cancelled by the deadline, by <see cref="GiveWay"/>, and when the sender hangs up.</summary>
    public CancellationToken Token => _end.Token;

    public void GiveWay()
    {
        GaveWay = true;

        // On another thread: what waits for the token runs under nobody's lock.
        _deadline.CancelAfter(TimeSpan.Zero);
    }

    public void Dispose()
    {
        _end.Dispose();
        _deadline.Dispose();
    }
}
