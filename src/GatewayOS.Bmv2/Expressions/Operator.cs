namespace GatewayOS.Bmv2.Expressions;

/// <summary>What an <see cref="Node.Operation"/> does; the comment is the operator's spelling in the JSON.</summary>
internal enum Operator
{
    Add, // +
    Subtract, // -
    Multiply, // *
    Divide, // /
    Remainder, // %
    ShiftLeft, // <<
    ShiftRight, // >>
    BitAnd, // &
    BitOr, // |
    BitXor, // ^
    Complement, // ~
    WrapSigned, // two_comp_mod
    SaturateUnsigned, // usat_cast
    SaturateSigned, // sat_cast
    FromBool, // b2d
    Choose, // ?
    Equal, // ==
    NotEqual, // !=
    Less, // <
    LessOrEqual, // <=
    Greater, // >
    GreaterOrEqual, // >=
    SameBool, // ==b
    DifferentBool, // !=b
    And, // and
    Or, // or
    Not, // not
    ToBool, // d2b
}
