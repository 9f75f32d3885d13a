"""Appeals: received, owned, answered on time, confirmed by the person."""
