namespace Microsoft.ML.AbsCam;

/// <summary>What a finding of an audit says.</summary>
public enum AuditFindingKind
{
    /// <summary>Something that is not the object makes pictures into the class: shown by experiment, and it has one look at one place, lies along the rim, is a cast of colour, or lies beside the object.</summary>
    Shortcut,

    /// <summary>A class's heat sits where other classes' does not. Whether that is the object, the finding does not know.</summary>
    FixedPlace,

    /// <summary>The rows of a class fall into groups whose heat lies on different things.</summary>
    Strategies,

    /// <summary>Pictures of one class that are taken for another, and what tells the two apart.</summary>
    Confusion,

    /// <summary>Of two explained data sets: a class is given to more pictures or to fewer, is known better or worse, or with another certainty.</summary>
    Answers,

    /// <summary>Of two explained data sets: the class stays, and its heat lies elsewhere, on objects more or less, or is otherwise unlike.</summary>
    Reasons,
}
