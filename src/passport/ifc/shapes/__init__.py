"""Volume, faces and extent of elements straight from their representation, without a geometry kernel."""
